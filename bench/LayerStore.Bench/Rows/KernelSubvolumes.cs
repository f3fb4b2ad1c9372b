using LayerStore.Linux;
using LayerStore.Linux.Btrfs;

namespace LayerStore.Bench.Rows;

/// <summary>The least that a container on btrfs costs: one ioctl to make a snapshot, one to remove it.</summary>
internal sealed class KernelSubvolumes
{
    private static readonly byte[] s_name = FileName.Terminated("container");

    private readonly string _home;

    public KernelSubvolumes(string home)
    {
        _home = home;
        Directory.CreateDirectory(home);
        using var place = DirectoryHandle.Open(home);
        Subvolume.Create(place, FileName.Terminated("image"));
    }

    public void Make()
    {
        using var place = DirectoryHandle.Open(_home);
        using var image = DirectoryHandle.Open(Path.Combine(_home, "image"));
        Subvolume.Snapshot(image, place, s_name);
    }

    public void Remove()
    {
        using var place = DirectoryHandle.Open(_home);
        Subvolume.TryDestroy(place, s_name);
    }
}
