namespace LayerStore.Linux.Btrfs;

/// <summary>The key of an item in one of btrfs's trees; they are ordered by object, type and offset.</summary>
/// <param name="Object">For example an inode's number.</param>
/// <param name="Type">What the item is.</param>
/// <param name="Offset">What it means depends on the type.</param>
internal readonly record struct BtrfsKey(ulong Object, byte Type, ulong Offset)
{
    /// <summary>The next possible key; null behind the last.</summary>
    public BtrfsKey? Next => Offset < ulong.MaxValue ? this with { Offset = Offset + 1 }
        : Type < byte.MaxValue ? new BtrfsKey(Object, (byte)(Type + 1), 0)
        : Object < ulong.MaxValue ? new BtrfsKey(Object + 1, 0, 0)
        : null;
}
