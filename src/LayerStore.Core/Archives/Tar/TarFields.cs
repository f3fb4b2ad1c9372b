using LayerStore.Linux;

namespace LayerStore.Archives.Tar;

/// <summary>What a header that is written says.</summary>
internal sealed record TarFields
{
    /// <summary>The name, raw bytes; a directory's ends with a slash.</summary>
    public required byte[] Name { get; init; }

    /// <summary>POSIX's letter for the type: <c>0</c> file, <c>1</c> hard link, <c>2</c> symbolic link, <c>3</c> and <c>4</c> devices, <c>5</c> directory, <c>6</c> pipe.</summary>
    public char Type { get; init; } = '0';

    /// <summary>Where a link leads, raw bytes.</summary>
    public byte[] LinkName { get; init; } = [];

    /// <summary>Permission bits with setuid, setgid and sticky (07777).</summary>
    public uint Mode { get; init; }

    public uint Uid { get; init; }
    public uint Gid { get; init; }

    /// <summary>Bytes of content that follow.</summary>
    public long Size { get; init; }

    public TimeSpec ModificationTime { get; init; }
    public uint DeviceMajor { get; init; }
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes, names and values as bytes.</summary>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> Xattrs { get; init; } = [];
}
