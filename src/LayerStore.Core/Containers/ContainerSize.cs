namespace LayerStore;

/// <summary>What a container takes, as <c>docker ps -s</c> counts it.</summary>
public sealed record ContainerSize
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The image as the container names it.</summary>
    public required string Image { get; init; }

    /// <summary>Bytes of the writable layer.</summary>
    public required long SizeRw { get; init; }

    /// <summary>Bytes of the image's layers and the writable layer.</summary>
    public required long SizeRootFs { get; init; }

    /// <summary>Entries of the writable layer.</summary>
    public required long Inodes { get; init; }

    /// <summary>Bytes that the file system has allocated to the writable layer; null where nobody knows it cheaply.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The store that the container lives in.</summary>
    public required string Root { get; init; }

    /// <summary><c>2B (virtual 7.5MB)</c>, as Docker prints it.</summary>
    public override string ToString() => ByteSize.FormatWithVirtual(SizeRw, SizeRootFs);
}
