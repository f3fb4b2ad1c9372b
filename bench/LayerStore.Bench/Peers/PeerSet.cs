using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>The peers of one run, each started when a row first asks for it; where one cannot be had, the reason is kept for the rows.</summary>
internal sealed class PeerSet(Workspace workspace, BenchOptions options)
{
    private readonly Dictionary<(string Driver, FileSystemKind Kind), (DockerDaemon? Daemon, string WhyNot)> _docker = [];
    private ContainersStorage? _storage;
    private string? _noStorage;

    /// <summary>The daemon with a storage driver on a file system; null where there is none.</summary>
    public DockerDaemon? Docker(out string whyNot, string driver = "overlay2", FileSystemKind kind = FileSystemKind.Ext4)
    {
        if (!_docker.TryGetValue((driver, kind), out var found))
        {
            found = _docker[(driver, kind)] = Start(driver, kind);
        }

        whyNot = found.WhyNot;
        return found.Daemon;
    }

    public ContainersStorage? Storage(out string whyNot)
    {
        if (_storage is null && _noStorage is null)
        {
            _noStorage = !options.Peers ? "left out by --no-peers" : Environment.IsPrivilegedProcess ? null : "needs root";
            if (_noStorage is null && Packages.Require("skopeo", "skopeo", out _noStorage) is { } skopeo)
            {
                var client = Packages.Require("containers-storage", "containers-storage", out _);
                _storage = new ContainersStorage(LoopFileSystem.Create(workspace, "containers-storage", 8), skopeo, client);
            }
        }

        whyNot = _noStorage ?? "";
        return _storage;
    }

    private (DockerDaemon? Daemon, string WhyNot) Start(string driver, FileSystemKind kind)
    {
        try
        {
            var whyNot = !options.Peers ? "left out by --no-peers" : Environment.IsPrivilegedProcess ? "" : "needs root";
            if (whyNot.Length == 0 && Packages.Require("dockerd", "docker.io", out whyNot) is { } daemon && Packages.Require("docker", "docker.io", out whyNot) is { } client)
            {
                return (DockerDaemon.Start(workspace, daemon, client, driver, kind), "");
            }

            return (null, whyNot ?? "");
        }
        catch (InvalidOperationException e)
        {
            return (null, "dockerd does not start here: " + e.Message.Split('\n')[0]);
        }
    }
}
