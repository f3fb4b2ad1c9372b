using LayerStore.Archives;

namespace LayerStore.Images;

/// <summary>What an import takes and under which names.</summary>
public sealed record ImportOptions
{
    /// <summary>Names to give instead of the archive's own; only with one image. Empty for the archive's own.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The platform to take from an index (<c>linux/arm64/v8</c>); null for this machine's.</summary>
    public string? Platform { get; init; }

    /// <summary>True to take every platform of an index.</summary>
    public bool AllPlatforms { get; init; }

    /// <summary>What one layer may ask of the machine.</summary>
    public ExtractionLimits Limits { get; init; } = ExtractionLimits.Default;

    /// <summary>Bytes of a manifest or an index at most; the OCI distribution specification asks registries for 4 MiB.</summary>
    public int MaxManifestBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of an image's configuration at most.</summary>
    public int MaxConfigBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of an archive at most that must be unpacked first, because it is compressed as a whole or comes through a pipe.</summary>
    public long MaxArchiveBytes { get; init; } = 128L << 30;

    /// <summary>
    /// True to keep the compressed blobs of layers that are extracted, beside them: a push or an export in the same compression sends them as they are. They take their own size on disk besides the layer's. Layers
    /// that the store has already are not fetched for it.
    /// </summary>
    public bool KeepCompressed { get; init; }

    /// <summary>How many layers are worked on at once; 0 for as many as there are processors.</summary>
    public int Parallelism { get; init; }
}
