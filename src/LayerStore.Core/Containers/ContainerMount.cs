namespace LayerStore;

/// <summary>A container's mount.</summary>
public sealed record ContainerMount
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where its files are.</summary>
    public required string Path { get; init; }

    /// <summary>True where every write fails.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>How often it is mounted: as many dismounts undo it.</summary>
    public required int Count { get; init; }

    /// <summary>The driver that mounted it.</summary>
    public required string Driver { get; init; }

    /// <summary>The store that the container lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The path, so that a mount in a string reads well.</summary>
    public override string ToString() => Path;
}
