using Xunit.Abstractions;
using Xunit.Sdk;

namespace LayerStore.Tests.Environments;

/// <summary>Runs the tests of some classes in this process, one after the other, without a test host: <c>environment REPORT FILTER CLASS …</c>.</summary>
internal static class EnvironmentTests
{
    public static int Run(string report, string filter, IEnumerable<string> classes)
    {
        using var file = new FileStream(report, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var sink = new ReportSink(file);
        var assembly = typeof(EnvironmentTests).Assembly;
        using var framework = new XunitTestFramework(sink);
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        using var executor = framework.GetExecutor(assembly.GetName());
        foreach (var name in classes)
        {
            var before = DriverEnvironment.IsGuest ? GuestLeftovers.Look() : null;
            discoverer.Find(name, includeSourceInformation: false, sink, new Options());
            var tests = sink.TakeDiscovered().Where(test => test.DisplayName.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
            executor.RunTests(tests, sink, new Options());
            sink.AwaitEnd();
            if (before is not null && GuestLeftovers.Since(before) is { Count: > 0 } left)
                sink.Fail(name, "It left behind: " + string.Join(", ", left));
        }
        return 0;
    }

    /// <summary>One test at a time: environments share a guest's disks and device names.</summary>
    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = new() { ["xunit.execution.DisableParallelization"] = true };

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out var value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
