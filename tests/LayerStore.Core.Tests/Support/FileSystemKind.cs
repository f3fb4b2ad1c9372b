namespace LayerStore.Tests.Support;

/// <summary>A file system that tests are run on.</summary>
public enum FileSystemKind
{
    Ext4,

    /// <summary>With reflinks.</summary>
    Xfs,

    /// <summary>Formatted without kinds in its directories (ftype=0).</summary>
    XfsWithoutKinds,
    Btrfs,
    Tmpfs,
}
