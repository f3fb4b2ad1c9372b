namespace LayerStore;

/// <summary>What all things of one kind take, as a row of <c>docker system df</c>. Sizes are bytes by Docker's rules.</summary>
public sealed record StorageUsage
{
    /// <summary>The kind in Docker's words: <c>Images</c>, <c>Containers</c>; <c>Standalone Layers</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>How many there are.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them are in use: images that containers are made of, containers that are mounted, layers that images need as well.</summary>
    public required int Active { get; init; }

    /// <summary>Bytes of all of them; a layer that several need counts once.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that become free when all that is not in use is removed.</summary>
    public required long Reclaimable { get; init; }

    /// <summary>The store.</summary>
    public required string Root { get; init; }

    /// <summary><c>Images: 1.98MB, 0B reclaimable</c>.</summary>
    public override string ToString() => $"{Type}: {ByteSize.Format(Size)}, {ByteSize.Format(Reclaimable)} reclaimable";
}
