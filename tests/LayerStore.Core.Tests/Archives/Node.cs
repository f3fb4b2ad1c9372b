namespace LayerStore.Tests.Archives;

/// <summary>What stands on disk under one name.</summary>
internal sealed record Node(
    string Path, char Type, uint Mode, uint Uid, uint Gid, long Size, long Seconds, uint Nanoseconds, ulong Inode, uint Links, uint Major, uint Minor, long Blocks,
    string? Target)
{
    /// <summary>The mode in octal, as people read it.</summary>
    public string Octal => Convert.ToString(Mode, 8);

    public bool IsWhiteout => Type == 'c' && Major == 0 && Minor == 0;
}
