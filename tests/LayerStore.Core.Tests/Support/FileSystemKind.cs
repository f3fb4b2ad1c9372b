namespace LayerStore.Tests.Support;

/// <summary>A file system that tests are run on.</summary>
public enum FileSystemKind
{
    Ext4,

    /// <summary>Formatted without kinds in its directories, as xfs with ftype=0, which new kernels no longer mount.</summary>
    Ext4WithoutKinds,

    /// <summary>With reflinks.</summary>
    Xfs,
    Btrfs,

    /// <summary>Where btrfs counts what subvolumes take, and limits them.</summary>
    BtrfsWithQuota,
    Tmpfs,

    /// <summary>A pool of its own.</summary>
    Zfs,
}
