namespace LayerStore.Bench.Sandbox;

/// <summary>
/// A pool on a loop device over a sparse file, with one file system mounted in the workspace. As the other file systems have it, and as disks are: a pool on the file itself goes
/// through buffers of its own, which take a fourth of an import's time in the guest.
/// </summary>
internal sealed class PoolFileSystem
{
    private readonly string _name = FormattableString.Invariant($"layerstore-bench-{Environment.ProcessId}");
    private readonly string _image;
    private readonly int _gibibytes;
    private string _device = "";

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

        _device = Tool.Run("losetup", "--find", "--show", _image).Trim();
        Tool.Run("zpool", "create", "-f", "-o", "cachefile=none", "-m", "none", _name, _device);
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

        if (_device.Length > 0)
        {
            Tool.Run("losetup", "--detach", _device);
            _device = "";
        }

        File.Delete(_image);
    }
}
