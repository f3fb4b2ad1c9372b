namespace LayerStore.Containers;

/// <summary>How files are copied into and out of containers.</summary>
public sealed record ContainerCopyOptions
{
    /// <summary>
    /// Keep owner, group, set-user-id and set-group-id bits, extended attributes and devices. Without it copies belong to root in the container, and to whoever copies outside it.
    /// </summary>
    public bool Archive { get; init; }

    /// <summary>Copy what a symbolic link at the end of the source's path points to, instead of the link. Links below the source are always copied as links.</summary>
    public bool FollowLink { get; init; }
}
