using LayerStore.Archives.Extraction;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.Aufs;

/// <summary>
/// How aufs writes deletions into a branch (Documentation/filesystems/aufs/design of aufs-standalone): <c>.wh.NAME</c> hides <c>NAME</c>, <c>.wh..wh..opq</c> makes its directory opaque, and
/// every other <c>.wh..wh.</c> name is its own affair. The OCI layer format took these names over from it.
/// </summary>
internal sealed class AufsFormat : LayerFormat
{
    /// <summary>The mode of the files that are marks, as aufs makes them.</summary>
    public const uint MarkMode = 0x124;

    private AufsFormat()
    {
    }

    /// <summary>The one that there is.</summary>
    public static AufsFormat Instance { get; } = new();

    /// <summary>The name of the whiteout of a name.</summary>
    public static byte[] WhiteoutOf(ReadOnlySpan<byte> name) => [.. WhiteoutNames.Prefix, .. name];

    /// <inheritdoc/>
    public override bool IsWhiteout(TreeDirectory directory, ReadOnlySpan<byte> name, in StatxData data) => name.StartsWith(WhiteoutNames.Prefix);

    /// <inheritdoc/>
    public override bool IsOpaque(TreeDirectory directory) => directory.TryStat(WhiteoutNames.Opaque, out _);

    /// <inheritdoc/>
    public override byte[]? HiddenBy(ReadOnlySpan<byte> name) => !name.StartsWith(WhiteoutNames.Prefix) ? null : name.StartsWith(WhiteoutNames.MetadataPrefix) ? [] : name[WhiteoutNames.Prefix.Length..].ToArray();

    /// <inheritdoc/>
    public override bool Hides(TreeDirectory directory, ReadOnlySpan<byte> name) => directory.TryStat(WhiteoutOf(name), out _);

    /// <summary>
    /// Makes in a writable branch what aufs makes there when it is first mounted: the root's time then stays as the image has it. (aufs(5): the inode that whiteouts share, the directories of
    /// pseudo-links and of open files that were deleted.)
    /// </summary>
    public static void MakeBooks(string branch)
    {
        if (Libc.MknodAt(Libc.AT_FDCWD, Path.Combine(branch, ".wh..wh.aufs"), Libc.S_IFREG | MarkMode, 0) < 0)
            throw LinuxError.Last("create the file", Path.Combine(branch, ".wh..wh.aufs"));
        DirectoryHandle.TryCreate(Path.Combine(branch, ".wh..wh.plnk"), 0x1C0);
        DirectoryHandle.TryCreate(Path.Combine(branch, ".wh..wh.orph"), 0x1C0);
    }

    /// <summary>How entries count: each whiteout is one, aufs's books are none.</summary>
    public static TreeEntryKind KindOf(ReadOnlySpan<byte> name) =>
        !name.StartsWith(WhiteoutNames.Prefix) ? TreeEntryKind.Ordinary : name.StartsWith(WhiteoutNames.MetadataPrefix) ? TreeEntryKind.Skipped : TreeEntryKind.Marker;
}
