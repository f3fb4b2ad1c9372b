namespace LayerStore;

/// <summary>A container's tree that was exported.</summary>
public sealed record ContainerArchive
{
    /// <summary>The file, absolute.</summary>
    public required string FullName { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Size { get; init; }

    /// <summary>The store that the container lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => FullName;
}
