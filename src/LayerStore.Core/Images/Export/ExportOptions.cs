using LayerStore.Archives;

namespace LayerStore.Images;

/// <summary>How images are exported.</summary>
public sealed record ExportOptions
{
    /// <summary>What is written.</summary>
    public ExportFormat Format { get; init; }

    /// <summary>How the layers are compressed in it.</summary>
    public CompressionKind Compression { get; init; }

    /// <summary>True to replace a file, an image layout or an empty directory that has the name; other directories are never replaced.</summary>
    public bool Force { get; init; }
}
