using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>The peers of one run, each started when a row first asks for it; where one cannot be had, the reason is kept for the rows.</summary>
internal sealed class PeerSet(Workspace workspace, BenchOptions options)
{
    private DockerDaemon? _docker;
    private string? _noDocker;
    private ContainersStorage? _storage;
    private string? _noStorage;

    public DockerDaemon? Docker(out string whyNot)
    {
        if (_docker is null && _noDocker is null)
        {
            try
            {
                _noDocker = !options.Peers ? "left out by --no-peers" : Environment.IsPrivilegedProcess ? null : "needs root";
                if (_noDocker is null && Packages.Require("dockerd", "docker.io", out _noDocker) is { } daemon
                    && Packages.Require("docker", "docker.io", out _noDocker) is { } client)
                {
                    _docker = DockerDaemon.Start(workspace, daemon, client);
                }
            }
            catch (InvalidOperationException e)
            {
                _noDocker = "dockerd does not start here: " + e.Message.Split('\n')[0];
            }
        }

        whyNot = _noDocker ?? "";
        return _docker;
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
}
