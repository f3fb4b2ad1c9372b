using LayerStore.Linux;

namespace LayerStore.Metadata;

/// <summary>A container as the database knows it, with its mount.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>As the image was named when the container was made; empty without an image.</summary>
    public required string ImageName { get; init; }

    /// <summary>Null without an image.</summary>
    public required string? ImageId { get; init; }

    public required string Command { get; init; }

    public required DateTime Created { get; init; }

    public required LayerId Layer { get; init; }

    /// <summary>The mount that is written down; whether the kernel agrees is asked elsewhere.</summary>
    public MountRecord? Mount { get; init; }

    /// <summary>The bytes of the image's layers.</summary>
    public long ImageSize { get; init; }

    /// <summary>The bytes that the writable layer may take; null without a limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>The image's uppermost layer.</summary>
    public LayerId? Parent { get; init; }
}

/// <summary>A mount as the database knows it.</summary>
/// <param name="Path">Where.</param>
/// <param name="Kind">Whether the kernel has a part in it.</param>
/// <param name="ReadOnly">Whether writing fails.</param>
/// <param name="OwnDirectory">Whether the mount point was made for it and goes with it.</param>
/// <param name="Count">How many dismounts undo it; 0 while volumes are being mounted inside.</param>
/// <param name="BootId">The boot that it belongs to; after another it does not exist any more.</param>
internal sealed record MountRecord(string Path, MountKind Kind, bool ReadOnly, bool OwnDirectory, int Count, string BootId)
{
    /// <summary>True where the mount is there and complete.</summary>
    public bool IsLive(IMounts mounts) => Count > 0 && IsThere(mounts);

    /// <summary>True where the mount is there: of this boot, and the kernel knows of it. What it has inside may be missing yet.</summary>
    public bool IsThere(IMounts mounts) => BootId == ProcessIdentity.Current.BootId && (Kind == MountKind.Directory || mounts.IsMounted(Path));
}

/// <summary>What a mount is; the numbers stand in the database.</summary>
internal enum MountKind
{
    /// <summary>The layer's own directory: nothing is mounted.</summary>
    Directory = 0,

    /// <summary>A mount of the kernel.</summary>
    Kernel = 1,
}
