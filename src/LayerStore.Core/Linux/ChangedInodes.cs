namespace LayerStore.Linux;

/// <summary>The inodes of a snapshot that changed since it was made, and the directories on the way to them.</summary>
/// <param name="changed">The inodes that changed themselves.</param>
/// <param name="passed">The directories on the way.</param>
internal sealed class ChangedInodes(HashSet<ulong> changed, HashSet<ulong> passed)
{
    /// <summary>True where the inode itself changed: its attributes, its contents, a directory's names.</summary>
    public bool Contains(ulong inode) => changed.Contains(inode);

    /// <summary>True where the inode changed, or is a directory below which one did.</summary>
    public bool Touches(ulong inode) => changed.Contains(inode) || passed.Contains(inode);
}
