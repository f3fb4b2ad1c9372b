using LayerStore.Archives;

namespace LayerStore;

/// <summary>A volume's files that were exported.</summary>
public sealed record ContainerVolumeArchive
{
    /// <summary>The file, absolute.</summary>
    public required string FullName { get; init; }

    /// <summary>The volume's name.</summary>
    public required string VolumeName { get; init; }

    /// <summary>How the archive is compressed.</summary>
    public required CompressionKind Compression { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Size { get; init; }

    /// <summary>The store that the volume is in.</summary>
    public required string Root { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => FullName;
}
