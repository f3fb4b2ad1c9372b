using LayerStore.Linux;
using LayerStore.Linux.Btrfs;

namespace LayerStore.Tests.Support;

/// <summary>A directory for one test (on btrfs a subvolume); mounts below it and everything in it, read-only subvolumes included, go away with it.</summary>
internal sealed class TestDirectory : IDisposable
{
    private readonly bool _isSubvolume;

    public TestDirectory(string? parent = null)
    {
        Path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"layerstore-test-{Guid.NewGuid():N}");
        using var place = DirectoryHandle.Open(System.IO.Path.GetDirectoryName(Path)!);
        _isSubvolume = Libc.Geteuid() == 0 && BackingFileSystem.StatisticsOf(place).Type == BackingFileSystem.Btrfs;
        if (_isSubvolume)
            Subvolume.Create(place, FileName.Terminated(System.IO.Path.GetFileName(Path)));
        else
            Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>A path below it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Make(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Unmounts what is mounted in it.</summary>
    public void Unmount()
    {
        foreach (var mount in MountTable.Below(Path))
            _ = Libc.Umount2(mount, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW);
    }

    public void Dispose()
    {
        Unmount();
        if (_isSubvolume)
        {
            using var place = DirectoryHandle.Open(System.IO.Path.GetDirectoryName(Path)!);
            NestedSubvolumes.Destroy(place, FileName.Terminated(System.IO.Path.GetFileName(Path)));
        }
        TreeRemover.Remove(Path);
    }
}
