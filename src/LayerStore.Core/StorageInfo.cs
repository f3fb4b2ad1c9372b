namespace LayerStore;

/// <summary>What <c>docker info</c> says of storage, for one store.</summary>
public sealed record StorageInfo
{
    /// <summary>The store's root directory.</summary>
    public required string Root { get; init; }

    /// <summary>The driver's name.</summary>
    public required string StorageDriver { get; init; }

    /// <summary>The driver's status by Docker's own names: <c>Backing Filesystem</c>, <c>Supports d_type</c> …</summary>
    public required IReadOnlyDictionary<string, object> DriverStatus { get; init; }

    /// <summary>The driver's options.</summary>
    public required IReadOnlyDictionary<string, string> DriverOptions { get; init; }

    /// <summary>How many containers there are.</summary>
    public required int Containers { get; init; }

    /// <summary>How many of them are mounted.</summary>
    public required int Mounted { get; init; }

    /// <summary>How many images there are.</summary>
    public required int Images { get; init; }

    /// <summary>How many read-only layers there are.</summary>
    public required int Layers { get; init; }

    /// <summary>False where the root holds no store yet: the driver is then the one that would be chosen.</summary>
    public required bool Initialized { get; init; }

    /// <summary>What the driver can do here, by the names of <see cref="Drivers.DriverFeatures"/>; null where no details were asked for, or there is no store.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>Bytes of the read-only layers, each counted once, by Docker's rules; null as above.</summary>
    public long? LayerBytes { get; init; }

    /// <summary>Bytes of the compressed blobs that are kept beside layers (<see cref="Images.ImportOptions.KeepCompressed"/>); null as above.</summary>
    public long? KeptBlobBytes { get; init; }

    /// <summary>Bytes that the driver's own bookkeeping has allocated to all writable layers; null as above, and where it keeps none.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>Bytes of the file system that the root stands on; null where no details were asked for.</summary>
    public long? DiskTotal { get; init; }

    /// <summary>Bytes of it that are free for this user; null as above.</summary>
    public long? DiskAvailable { get; init; }

    /// <summary>What the user should know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The root.</summary>
    public override string ToString() => Root;
}
