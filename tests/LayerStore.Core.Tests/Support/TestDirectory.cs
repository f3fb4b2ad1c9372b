using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A directory for one test; mounts below it and everything in it go away with it.</summary>
internal sealed class TestDirectory : IDisposable
{
    public TestDirectory(string? parent = null)
    {
        Path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"layerstore-test-{Guid.NewGuid():N}");
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
        TreeRemover.Remove(Path);
    }
}
