namespace LayerStore;

/// <summary>A container: an image and one writable layer on top. Times are UTC, sizes bytes.</summary>
public sealed record Container
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name, unique in its store.</summary>
    public required string Name { get; init; }

    /// <summary>The image as it was named when the container was made (<c>springpetclinic:1.0</c>); empty for a container without an image.</summary>
    public required string Image { get; init; }

    /// <summary>The image's id (<c>sha256:…</c>); empty for a container without an image.</summary>
    public required string ImageId { get; init; }

    /// <summary>The command that the image's configuration names (entry point and arguments).</summary>
    public required string Command { get; init; }

    /// <summary>When the container was made, in UTC.</summary>
    public required DateTime Created { get; init; }

    /// <summary><c>Created</c> or <c>Mounted</c>.</summary>
    public required string State { get; init; }

    /// <summary>Where the container is mounted; null where it is not.</summary>
    public string? MountPath { get; init; }

    /// <summary>How often it is mounted.</summary>
    public int MountCount { get; init; }

    /// <summary>The id of the writable layer.</summary>
    public required string LayerId { get; init; }

    /// <summary>What it has at paths of its own: volumes, and directories of this machine.</summary>
    public IReadOnlyList<ContainerMountPoint> Mounts { get; init; } = [];

    /// <summary>The labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Bytes that the writable layer may take, by the driver's count; null where it has no limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>Docker's size: what the writable layer holds, in bytes; null where it was not asked for.</summary>
    public long? SizeRw { get; init; }

    /// <summary>Docker's virtual size: the image's layers and the writable layer, in bytes; null where it was not asked for.</summary>
    public long? SizeRootFs { get; init; }

    /// <summary>
    /// Bytes that are allocated to the writable layer, as the driver's bookkeeping or the file system says; null where it was not asked for, or nobody knows it cheaply.
    /// </summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The store that it lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The name, so that a container in a string reads well.</summary>
    public override string ToString() => Name;
}
