using System.Net.Sockets;
using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Peers;

/// <summary>The peers of one run, each started when a row first asks for it; where one cannot be had, the reason is kept for the rows.</summary>
internal sealed class PeerSet(Workspace workspace, BenchOptions options)
{
    private readonly Dictionary<(string Driver, FileSystemKind Kind), (DockerDaemon? Daemon, string WhyNot)> _docker = [];
    private ContainersStorage? _storage;
    private string? _noStorage;
    private LocalRegistry? _registry;
    private string? _noRegistry;

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
                _storage = new ContainersStorage(LoopFileSystem.Create(workspace, "containers-storage", 8), workspace.State, skopeo, client);
            }
        }

        whyNot = _noStorage ?? "";
        return _storage;
    }

    /// <summary>A registry on loopback; null where there is none.</summary>
    public LocalRegistry? Registry(out string whyNot)
    {
        if (_registry is null && _noRegistry is null && Packages.Require("docker-registry", "docker-registry", out _noRegistry) is { } program)
        {
            try
            {
                _registry = LocalRegistry.Start(workspace, program);
            }
            catch (Exception e) when (e is InvalidOperationException or SocketException)
            {
                _noRegistry = "docker-registry does not start here: " + e.Message.Split('\n')[0];
            }
        }

        whyNot = _noRegistry ?? "";
        return _registry;
    }

    /// <summary>A program that works on <see cref="Storage"/>; null where it or the storage cannot be had.</summary>
    public string? OnStorage(string program, out string whyNot)
    {
        if (Storage(out whyNot) is null)
        {
            return null;
        }

        var found = Packages.Require(program, program, out var reason);
        whyNot = reason ?? "";
        return found;
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
