namespace LayerStore;

/// <summary>A read-only layer of images. Times are UTC, sizes bytes.</summary>
public sealed record ContainerLayer
{
    /// <summary>64 hexadecimal digits: the layer's name in this store.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the layer below; null for the lowest.</summary>
    public required string? ParentId { get; init; }

    /// <summary>SHA-256 of the uncompressed archive.</summary>
    public required string DiffId { get; init; }

    /// <summary>SHA-256 over the DiffIDs of this layer and all below, as the OCI image specification defines it.</summary>
    public required string ChainId { get; init; }

    /// <summary>What the layer holds, in bytes, by Docker's rules.</summary>
    public required long Size { get; init; }

    /// <summary>Entries of the layer.</summary>
    public required long Inodes { get; init; }

    /// <summary>Bytes of the uncompressed archive.</summary>
    public required long UncompressedSize { get; init; }

    /// <summary>How many images, containers and layers need it.</summary>
    public required int RefCount { get; init; }

    /// <summary>The images that need it, by their familiar names or ids.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>True where the layer was imported by itself (Import-ContainerLayer): it stays although no image needs it, until it is removed.</summary>
    public bool Kept { get; init; }

    /// <summary>When it came into the store, in UTC.</summary>
    public required DateTime Created { get; init; }

    /// <summary>How many layers are below it.</summary>
    public required int Depth { get; init; }

    /// <summary>The store that it lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
