namespace LayerStore.Bench.Sandbox;

/// <summary>What a contender's file system is.</summary>
internal enum FileSystemKind
{
    Ext4,

    /// <summary>With reflinks.</summary>
    Xfs,

    Btrfs,
}
