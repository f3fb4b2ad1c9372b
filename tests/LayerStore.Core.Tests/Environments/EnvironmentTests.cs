using Xunit.Abstractions;
using Xunit.Sdk;

namespace LayerStore.Tests.Environments;

/// <summary>Runs the tests of some classes in this process, one after the other, without a test host: <c>environment REPORT FILTER CLASS …</c>.</summary>
internal static class EnvironmentTests
{
    public static int Run(string report, string filter, IReadOnlyCollection<string> classes)
    {
        using var file = new FileStream(report, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var sink = new ReportSink(file);
        var assembly = typeof(EnvironmentTests).Assembly;
        using var framework = new XunitTestFramework(sink);
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        foreach (var name in classes)
        {
            discoverer.Find(name, includeSourceInformation: false, sink, new Options());
            sink.Ended.WaitOne();
        }
        using var executor = framework.GetExecutor(assembly.GetName());
        executor.RunTests(sink.Discovered.Where(test => test.DisplayName.Contains(filter, StringComparison.OrdinalIgnoreCase)), sink, new Options());
        sink.Ended.WaitOne();
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
