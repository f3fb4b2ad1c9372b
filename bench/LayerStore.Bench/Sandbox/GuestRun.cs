using System.Diagnostics;
using LayerStore.Bench.Images;

namespace LayerStore.Bench.Sandbox;

/// <summary>The benchmark again, in a guest of tests/guest: for drivers that the host's kernel lacks. What it is to measure there is named on the command line and begins with <c>guest</c>.</summary>
internal static class GuestRun
{
    private const string Prefix = "guest", Memory = "8G", LimitSeconds = "3000";

    /// <summary>True in a guest.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable("LAYERSTORE_GUEST") is not null;

    /// <summary>True where the command line names something to be measured in a guest, and this is none.</summary>
    public static bool IsWanted(BenchOptions options) => !IsInside && options.Names.Any(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Runs it there and gives its exit code; the report is where the host's would be.</summary>
    public static int Start(BenchOptions options, IEnumerable<string> arguments)
    {
        // A guest has no network, and its files end with it.
        using (var workspace = new Workspace(options.Cache, options.Backing))
        {
            _ = new ImageCache(options.Cache, workspace).Petclinic();
            _ = new ImageCache(options.Cache, workspace).Small();
        }

        Directory.CreateDirectory(options.Output);
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../tests/guest"));
        var program = Path.Combine(AppContext.BaseDirectory, "LayerStore.Bench.dll");
        using var process = Process.Start(
            Path.Combine(folder, "run"),
            [
                "-z", "-m", Memory, "-t", LimitSeconds, "-s", options.Output, "--", "dotnet", "exec", program,
                .. arguments, "--no-peers", "--cache", options.Cache, "--backing", "/dev/shm", "--output", options.Output,
            ]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
