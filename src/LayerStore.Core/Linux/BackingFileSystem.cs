namespace LayerStore.Linux;

/// <summary>The file system that a directory stands on, by statfs(2).</summary>
/// <param name="Magic">The kernel's number of it.</param>
/// <param name="Name">The name that Docker gives it: <c>extfs</c>, <c>xfs</c>, <c>btrfs</c>.</param>
internal sealed record BackingFileSystem(long Magic, string Name)
{
    public const long Overlay = 0x794C7630, Ecryptfs = 0xF15F, Nfs = 0x6969, Aufs = 0x61756673, Btrfs = 0x9123683E, Xfs = 0x58465342, Ext = 0xEF53,
        Tmpfs = 0x01021994, Zfs = 0x2FC12FC1, Fuse = 0x65735546, Bcachefs = 0xCA451A4E;

    // Numbers of linux/magic.h and of the file systems' own headers; names as docker info prints them.
    private static readonly Dictionary<long, string> Names = new()
    {
        [Aufs] = "aufs",
        [Btrfs] = "btrfs",
        [Bcachefs] = "bcachefs",
        [0x28CD3D45] = "cramfs",
        [Ecryptfs] = "ecryptfs",
        [0xE0F5E1E2] = "erofs",
        [Ext] = "extfs",
        [0xF2F52010] = "f2fs",
        [Fuse] = "fuse",
        [0x47504653] = "gpfs",
        [0x3153464A] = "jfs",
        [0xBD00BD0] = "lustre",
        [Nfs] = "nfs",
        [Overlay] = "overlayfs",
        [0x858458F6] = "ramfs",
        [0x52654973] = "reiserfs",
        [0x517B] = "smb",
        [0xFF534D42] = "cifs",
        [0xFE534D42] = "smb2",
        [0x73717368] = "squashfs",
        [Tmpfs] = "tmpfs",
        [0xA501FCF5] = "vxfs",
        [Xfs] = "xfs",
        [Zfs] = "zfs",
        [0x01021997] = "v9fs",
        [0xC36400] = "ceph",
    };

    /// <summary>True where copies of files may share their blocks, so that allocated blocks say little.</summary>
    public bool MayShareBlocks => Magic is Btrfs or Xfs or Bcachefs or Zfs;

    /// <summary>The file system of an existing directory.</summary>
    /// <exception cref="StoreException">The directory cannot be opened.</exception>
    public static BackingFileSystem Of(string directory)
    {
        using var handle = DirectoryHandle.Open(directory);
        return FromMagic(StatisticsOf(handle).Type);
    }

    /// <summary>What statfs(2) says of an open directory's file system.</summary>
    /// <exception cref="StoreException">It says nothing.</exception>
    public static unsafe StatFsData StatisticsOf(Microsoft.Win32.SafeHandles.SafeFileHandle directory)
    {
        StatFsData data;
        return Libc.Fstatfs(directory.Descriptor(), &data) == 0
            ? data
            : throw LinuxError.Last("query the file system of", DirectoryHandle.Describe(directory.Descriptor()));
    }

    /// <summary>The file system with that number.</summary>
    public static BackingFileSystem FromMagic(long magic) => new(magic, Names.GetValueOrDefault(magic, "<unknown>"));
}
