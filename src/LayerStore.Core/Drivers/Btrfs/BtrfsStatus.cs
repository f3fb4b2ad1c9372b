using LayerStore.Linux;
using LayerStore.Linux.Btrfs;

namespace LayerStore.Drivers.Btrfs;

/// <summary>btrfs's lines of <c>docker info</c>. Docker's own (<c>Build Version</c>, <c>Library Version</c>) name a library that is not used here.</summary>
internal static class BtrfsStatus
{
    public static IReadOnlyList<StatusLine> Of(string home)
    {
        using var place = DirectoryHandle.Open(home);
        var space = BackingFileSystem.StatisticsOf(place);
        return
        [
            new("Backing Filesystem", BackingFileSystem.FromMagic(space.Type).Name),
            new("Filesystem UUID", BtrfsFileSystem.Uuid(place).ToString()),
            new("Space Used", (long)(space.Blocks - space.FreeBlocks) * space.BlockSize),
            new("Space Total", (long)space.Blocks * space.BlockSize),
            new("Space Available", (long)space.AvailableBlocks * space.BlockSize),
            new("Quota Enabled", BtrfsQuota.IsOn(place)),
        ];
    }
}
