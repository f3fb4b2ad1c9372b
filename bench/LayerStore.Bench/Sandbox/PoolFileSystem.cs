namespace LayerStore.Bench.Sandbox;

/// <summary>A pool on a sparse file, with one file system mounted in the workspace.</summary>
internal sealed class PoolFileSystem
{
    private readonly string _name = FormattableString.Invariant($"layerstore-bench-{Environment.ProcessId}");
    private readonly string _image;
    private readonly int _gibibytes;

    private PoolFileSystem(string path, string image, int gibibytes) => (Path, _image, _gibibytes) = (path, image, gibibytes);

    /// <summary>Where its file system is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes and mounts it.</summary>
    public static PoolFileSystem Create(Workspace workspace, int gibibytes)
    {
        var image = System.IO.Path.Combine(workspace.Backing, FormattableString.Invariant($"layerstore-bench-{Environment.ProcessId}-zfs.img"));
        var pool = new PoolFileSystem(System.IO.Path.Combine(workspace.Root, "zfs"), image, gibibytes);
        Directory.CreateDirectory(pool.Path);
        workspace.OnDispose($"the pool {pool._name}", pool.Destroy);
        pool.Make();
        return pool;
    }

    /// <summary>Makes it anew: destroying what is in it would go on in the background.</summary>
    public void Empty()
    {
        Destroy();
        Make();
    }

    private void Make()
    {
        using (var file = File.Create(_image))
        {
            file.SetLength((long)_gibibytes << 30);
        }

        Tool.Run("zpool", "create", "-f", "-o", "cachefile=none", "-m", "none", _name, _image);
        Tool.Run("zfs", "create", "-o", "mountpoint=legacy", _name + "/store");
        Tool.Run("mount", "-t", "zfs", _name + "/store", Path);
    }

    private void Destroy()
    {
        Workspace.UnmountBelow(Path);
        if (Directory.Exists("/proc/spl/kstat/zfs/" + _name))
        {
            Tool.Run("zpool", "destroy", "-f", _name);
        }

        File.Delete(_image);
    }
}
