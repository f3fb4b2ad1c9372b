namespace LayerStore;

/// <summary>What is allocated to a container's writable layer by the driver's own bookkeeping. No file was looked at.</summary>
public sealed record ContainerAllocation
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The image as the container names it.</summary>
    public required string Image { get; init; }

    /// <summary>Bytes that are allocated to the writable layer alone; null where the driver keeps no account of it.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>
    /// The files and directories that are the writable layer's alone, the few that the driver keeps beside them included; null where the driver keeps no account of it (all but project quota).
    /// </summary>
    public long? AllocatedInodes { get; init; }

    /// <summary>The store that the container lives in.</summary>
    public required string Root { get; init; }

    /// <summary><c>1.05MB</c>, as Docker prints sizes; empty where nobody knows.</summary>
    public override string ToString() => AllocatedBytes is { } bytes ? ByteSize.Format(bytes) : "";
}
