using System.Diagnostics;
using System.Runtime.InteropServices;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>The runner of tests/guest, or no guest at all: the same tests in a process of the host.</summary>
internal sealed class Guest
{
    // Far more than all of them need, so that a machine that is busy is no failure.
    private const int LimitSeconds = 1200;

    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(500);

    private readonly string? _runner;
    private readonly bool _zfs;
    private readonly bool _otherKernel;

    private Guest(string? runner, bool zfs, bool otherKernel) => (_runner, _zfs, _otherKernel) = (runner, zfs, otherKernel);

    /// <summary>What the host's environments run in.</summary>
    public static Guest Host { get; } = new(null, false, false);

    /// <summary>True once a signal told this process to end.</summary>
    public static bool Interrupted { get; private set; }

    /// <summary>Why there is no guest here; null where there is.</summary>
    public string? Missing { get; private init; }

    /// <summary>The kernel, modules and programs that it is made of.</summary>
    public IReadOnlyList<string> Files { get; private init; } = [];

    /// <summary>Asks the runner in <paramref name="folder"/> what it could run.</summary>
    public static Guest Look(string folder, bool zfs, bool otherKernel)
    {
        var runner = Path.Combine(folder, "run");
        using var process = Start(runner, ["-n", .. zfs ? ["-z"] : Array.Empty<string>()], otherKernel, redirect: true);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Guest(runner, zfs, otherKernel)
        {
            Missing = process.ExitCode == 0 ? null : error.Result.Trim(),
            Files = output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    /// <summary>Runs the tests of classes in there; gives the report, and how it ended where it did not end well.</summary>
    public (IReadOnlyList<CaseResult> Report, string? Ended) Run(string filter, IEnumerable<string> classes)
    {
        using var place = new TestDirectory();
        var report = Path.Combine(place.Path, "report");
        List<string> words = [Environment.ProcessPath!, "exec", typeof(Guest).Assembly.Location, "environment", report, filter, .. classes];
        if (_runner is not null)
        {
            // Every guest has two empty disks; they are sparse files without a name.
            words = [_runner, "-s", place.Path, "-d", "8G", "-d", "8G", "-t", $"{LimitSeconds}", .. _zfs ? ["-z"] : Array.Empty<string>(), "--", .. words];
        }
        using var process = Start(words[0], words[1..], _otherKernel, redirect: false);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        var parent = ParentId();
        while (!process.WaitForExit(s_glance))
        {
            // Who was to pass a signal on, build.ps1's PowerShell, may have died of it.
            if (ParentId() != parent)
                EndRun();
        }
        var lines = File.Exists(report) ? File.ReadAllLines(report) : [];
        return ([.. lines.Select(CaseResult.Parse)], process.ExitCode == 0 ? null : $"it ended with the exit code {process.ExitCode}");

        // The runner, or the host's tests, clean up and end, and then this process does in its own way.
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            EndRun();
        }

        void EndRun()
        {
            Interrupted = true;
            _ = Libc.Kill(process.Id, 15);
        }
    }

    // proc_pid_stat(5): the second field behind the name, which may hold anything.
    private static string ParentId()
    {
        var text = File.ReadAllText("/proc/self/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[1];
    }

    private static Process Start(string program, IEnumerable<string> words, bool otherKernel, bool redirect)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = redirect, RedirectStandardError = redirect };
        if (!otherKernel)
            start.Environment.Remove("LAYERSTORE_GUEST_KERNEL");
        return Process.Start(start)!;
    }
}
