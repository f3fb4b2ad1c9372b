namespace LayerStore;

/// <summary>Something that was cleared.</summary>
public sealed record PruneResult
{
    /// <summary>What it was.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name as people knew it; the short id where it had none.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes that became free, by Docker's count.</summary>
    public required long Bytes { get; init; }

    /// <summary>The store.</summary>
    public required string Root { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
