using LayerStore.Archives;

namespace LayerStore;

/// <summary>An archive or layout that was exported. Sizes are bytes.</summary>
public sealed record ContainerImageArchive
{
    /// <summary>The file or directory, absolute.</summary>
    public required string FullName { get; init; }

    /// <summary>What it is.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>How its layers are compressed.</summary>
    public required CompressionKind Compression { get; init; }

    /// <summary>The names that its images have in it; an id for an image without one.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>How many layers it holds, each once.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Bytes of the file, or of all files of the layout.</summary>
    public required long Size { get; init; }

    /// <summary>The path.</summary>
    public override string ToString() => FullName;
}
