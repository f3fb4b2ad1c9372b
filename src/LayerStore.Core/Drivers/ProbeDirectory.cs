using LayerStore.Linux;

namespace LayerStore.Drivers;

/// <summary>A private directory in which a probe tries things; it goes away with everything in it, mounts included.</summary>
internal sealed class ProbeDirectory : IDisposable
{
    private readonly List<string> _mounts = [];

    /// <summary>Makes it.</summary>
    public ProbeDirectory(string parent)
    {
        Path = System.IO.Path.Combine(parent, $".layerstore-probe-{Guid.NewGuid():N}");
        if (!DirectoryHandle.TryCreate(Path, 0x1C0))
            throw LinuxError.From(Errno.EEXIST, "create the directory", Path);
    }

    public string Path { get; }

    /// <summary>Makes a directory inside.</summary>
    public string Make(string name)
    {
        var path = Inside(name);
        Directory.CreateDirectory(path);
        return path;
    }

    public string Inside(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Mounts for as long as the probe lasts.</summary>
    public void Mount(Mounts mounts, MountPlan plan, string target)
    {
        mounts.Mount(plan, target);
        _mounts.Add(target);
    }

    public void Dispose()
    {
        foreach (var mount in _mounts)
            _ = Libc.Umount2(mount, Libc.UMOUNT_NOFOLLOW | Libc.MNT_DETACH);
        try
        {
            TreeRemover.Remove(Path);
        }
        catch (StoreException)
        {
            // A probe never throws; what could not be removed is named so that anybody may remove it.
        }
    }
}
