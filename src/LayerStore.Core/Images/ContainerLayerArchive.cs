using LayerStore.Archives;

namespace LayerStore;

/// <summary>A layer that was exported.</summary>
public sealed record ContainerLayerArchive
{
    /// <summary>The file, absolute.</summary>
    public required string FullName { get; init; }

    /// <summary>The layer's id.</summary>
    public required string LayerId { get; init; }

    /// <summary>The id of the layer below; null for the lowest.</summary>
    public required string? ParentId { get; init; }

    /// <summary>SHA-256 of the uncompressed archive.</summary>
    public required string DiffId { get; init; }

    /// <summary>SHA-256 of the file, which is the DiffID where it is not compressed.</summary>
    public required string Digest { get; init; }

    /// <summary>How the file is compressed.</summary>
    public required CompressionKind Compression { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Size { get; init; }

    /// <summary>The store that the layer lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => FullName;
}
