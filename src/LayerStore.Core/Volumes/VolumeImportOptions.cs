using LayerStore.Archives;

namespace LayerStore.Volumes;

/// <summary>How an archive becomes a volume's files.</summary>
public sealed record VolumeImportOptions
{
    /// <summary>The volume, made where there is none.</summary>
    public required VolumeOptions Volume { get; init; }

    /// <summary>True to replace what the volume holds; without it the volume has to be empty.</summary>
    public bool Force { get; init; }

    /// <summary>What the archive may ask for.</summary>
    public ExtractionLimits Limits { get; init; } = ExtractionLimits.Default;
}
