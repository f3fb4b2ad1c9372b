using System.Diagnostics;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>A docker daemon of the tests' own: its data in a directory that goes with it, a private socket, no bridge and no firewall rules; ended by its own process id.</summary>
public sealed class DockerDaemon : IDisposable
{
    private readonly TestDirectory _directory = new("/var/tmp");
    private readonly Lazy<Process> _daemon;

    public DockerDaemon() => _daemon = new(Start);

    // A socket's path has 107 bytes at most.
    private string Socket => _directory["d.sock"];

    /// <summary>Runs a command of the client, the daemon being started where it is not.</summary>
    public string Run(params string[] arguments)
    {
        _ = _daemon.Value;
        return Command.Run("docker", ["-H", "unix://" + Socket, .. arguments]);
    }

    /// <summary>One value of an image.</summary>
    public string Inspect(string image, string format) => Run("image", "inspect", "--format", format, image).Trim();

    public void Dispose()
    {
        if (_daemon.IsValueCreated)
        {
            using var daemon = _daemon.Value;
            Command.TryRun("kill", "-TERM", $"{daemon.Id}");
            if (!daemon.WaitForExit(20_000))
            {
                daemon.Kill(entireProcessTree: true);
                daemon.WaitForExit();
            }
        }
        _directory.Dispose();
    }

    private Process Start()
    {
        // vfs needs nothing of the kernel and leaves no mount.
        var start = new ProcessStartInfo("dockerd",
        [
            "--data-root", _directory["data"], "--exec-root", _directory["exec"], "--pidfile", _directory["pid"], "-H", "unix://" + Socket, "--storage-driver", "vfs",
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--log-level=error",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        var daemon = Process.Start(start)!;
        var log = new ProgramLog(daemon);
        for (var tries = 0; tries < 300 && !daemon.HasExited; tries++)
        {
            if (Command.TryRun("docker", "-H", "unix://" + Socket, "version").Code == 0)
                return daemon;
            Thread.Sleep(200);
        }
        if (!daemon.HasExited)
            daemon.Kill(entireProcessTree: true);
        daemon.WaitForExit();
        daemon.Dispose();
        throw new InvalidOperationException($"dockerd does not start: {log}");
    }
}
