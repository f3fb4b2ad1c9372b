using System.Text.Json.Serialization;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>A layer's device, as <c>device.json</c> in the layer's directory says it. Whether the device is active is the kernel's to say, not this file's.</summary>
internal sealed record DeviceRecord
{
    /// <summary>The file's name.</summary>
    public const string FileName = "device.json";

    /// <summary>The shape of this file.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The device's number in the pool.</summary>
    public required int Device { get; init; }

    /// <summary>The device's length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Where the layer is in its life.</summary>
    public required DeviceState State { get; init; }

    /// <summary>True from before a device is made longer until its file system fills it.</summary>
    public bool Growing { get; init; }

    /// <summary>The number of the device that it is a snapshot of.</summary>
    public int Origin { get; init; }

    /// <summary>What the record of a layer's directory says; null where there is none.</summary>
    public static DeviceRecord? Read(string directory) =>
        DeviceMapperJson.Read(Path.Combine(directory, FileName), DeviceMapperJson.Default.DeviceRecord);

    /// <summary>Writes it durably.</summary>
    public void Write(string directory) =>
        DeviceMapperJson.Write(Path.Combine(directory, FileName), this, DeviceMapperJson.Default.DeviceRecord);
}

/// <summary>Where a layer's device is in its life. It is made before it has a record, and its record leaves before it is deleted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceState>))]
internal enum DeviceState
{
    /// <summary>It can be written.</summary>
    Writable,

    /// <summary>It is never written again, and others begin as its snapshots.</summary>
    Committed,
}
