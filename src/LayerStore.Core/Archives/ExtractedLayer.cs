using LayerStore.Archives.TarSplit;

namespace LayerStore.Archives;

/// <summary>What came out of one layer's archive.</summary>
public sealed record ExtractedLayer
{
    /// <summary>SHA-256 of the whole uncompressed archive, trailing bytes included: OCI's DiffID.</summary>
    public required Digest DiffId { get; init; }

    /// <summary>Bytes of the uncompressed archive.</summary>
    public required long ArchiveBytes { get; init; }

    /// <summary>Docker's size of the layer and its inodes, counted while extracting.</summary>
    public required Usage Usage { get; init; }

    /// <summary>How the archive was compressed.</summary>
    public CompressionKind Compression { get; init; }

    /// <summary>
    /// True where an entry described the layer's root directory (<c>./</c>). Where none did, the root has mode 0755, its maker's owner and the time of the
    /// first entry, and the layer's parent knows better.
    /// </summary>
    public bool RootIsDescribed { get; init; }

    /// <summary>
    /// Whiteouts that stand on disk. Where it is more than 0 and the layer has no parent (or an opaque root), they hide nothing and only stain listings:
    /// overlayfs shows a whiteout in a directory that is not merged as a name without a file.
    /// </summary>
    public long Whiteouts { get; init; }

    /// <summary>
    /// True where the layer's directory holds files and nothing that only overlayfs understands: no whiteout, no opaque directory, no escaped attribute. A tree that takes them in need not look
    /// at each then.
    /// </summary>
    public bool FilesOnly { get; init; }

    /// <summary>
    /// True where the layer hides everything below its root (<c>.wh..wh..opq</c> at the top): the chain is cut at this layer.
    /// </summary>
    public bool RootIsOpaque { get; init; }

    /// <summary>
    /// Directories that entries needed and no entry described, parents first, as raw bytes relative to the root. Made with mode 0755, root and the layer's time; the
    /// layer's parent knows better once it is there: a directory there lends its attributes, a symbolic link there is followed.
    /// </summary>
    public IReadOnlyList<byte[]> ImpliedDirectories { get; init; } = [];

    /// <summary>Hard links whose target this layer does not have: to be resolved in the parent once it is there.</summary>
    public IReadOnlyList<PendingLink> PendingLinks { get; init; } = [];

    /// <summary>The layer's tar-split, to be completed when the layer is joined with its parents; null where none was asked for.</summary>
    internal TarSplitRecorder? TarSplit { get; init; }
}

/// <summary>A hard link to a file of a lower layer; both paths are raw bytes relative to the root, without leading slash.</summary>
/// <param name="Path">The link.</param>
/// <param name="Target">What it links to.</param>
public sealed record PendingLink(byte[] Path, byte[] Target);
