namespace LayerStore.Archives;

/// <summary>What one layer may ask of the machine before it is refused. Each is an option of an import.</summary>
public sealed record ExtractionLimits
{
    /// <summary>The limits that apply where nobody says otherwise.</summary>
    public static ExtractionLimits Default { get; } = new();

    /// <summary>Bytes of the uncompressed layer, headers included.</summary>
    public long MaxLayerBytes { get; init; } = 64L << 30;

    /// <summary>Entries of the layer.</summary>
    public long MaxEntries { get; init; } = 10_000_000;

    /// <summary>Bytes of one path or link target, as Linux's PATH_MAX.</summary>
    public int MaxPathBytes { get; init; } = 4096;

    /// <summary>Directories above one entry.</summary>
    public int MaxPathDepth { get; init; } = 1024;

    /// <summary>Bytes of one PAX header or GNU long name.</summary>
    public int MaxPaxHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of one extended attribute's value, as Linux's XATTR_SIZE_MAX.</summary>
    public int MaxXattrBytes { get; init; } = 64 << 10;

    /// <summary>Segments of one sparse file.</summary>
    public int MaxSparseSegments { get; init; } = 1_000_000;

    /// <summary>
    /// Bytes of paths that must be remembered until the layer's parent is there: directories that no entry describes, hard links into lower layers. An
    /// ordinary layer has next to none.
    /// </summary>
    public long MaxRememberedBytes { get; init; } = 32 << 20;

    /// <summary>Apparent length of one file, in bytes.</summary>
    public long MaxFileBytes { get; init; } = 64L << 30;

    /// <summary>
    /// How many times larger than its compressed bytes a layer may become, looked at only beyond its first GiB, so that an ordinary file of zeros passes.
    /// </summary>
    public long MaxCompressionRatio { get; init; } = 1000;

    /// <summary>Below this many uncompressed bytes no ratio is looked at.</summary>
    internal long RatioFreeBytes { get; init; } = 1L << 30;
}
