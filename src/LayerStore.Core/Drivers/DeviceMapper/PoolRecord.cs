using System.Text.Json.Serialization;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>What <c>pool.json</c> says: how the pool and the devices are called, and what the base device is.</summary>
internal sealed record PoolRecord
{
    /// <summary>The base device's number in the pool.</summary>
    public const int BaseDevice = 0;

    /// <summary>The shape of this file.</summary>
    public int Version { get; init; } = 1;

    /// <summary>How the names of all devices of this store begin.</summary>
    public required string Prefix { get; init; }

    /// <summary>How far the pool has been set up.</summary>
    public required PoolState State { get; init; }

    /// <summary>The file system of every device: <c>ext4</c> or <c>xfs</c>.</summary>
    public required string FileSystem { get; init; }

    /// <summary>Bytes of the base device, and so of every device that was not made longer.</summary>
    public required long BaseSize { get; init; }

    /// <summary>The file system's UUID, by which the pool is known again.</summary>
    public string? BaseIdentity { get; init; }

    /// <summary>What the file says; null where there is none.</summary>
    public static PoolRecord? Read(DeviceMapperLayout layout) => DeviceMapperJson.Read(layout.Pool, DeviceMapperJson.Default.PoolRecord);

    /// <summary>Writes it durably.</summary>
    public void Write(DeviceMapperLayout layout) => DeviceMapperJson.Write(layout.Pool, this, DeviceMapperJson.Default.PoolRecord);
}

/// <summary>How far a pool has been set up; each step is repeated where it was interrupted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PoolState>))]
internal enum PoolState
{
    /// <summary>The pool is not known to be ours.</summary>
    New,

    /// <summary>The pool was empty when we came: what is in it is ours.</summary>
    Claimed,

    /// <summary>The base device is complete.</summary>
    Ready,
}
