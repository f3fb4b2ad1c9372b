using LayerStore.Archives;

namespace LayerStore.Images;

/// <summary>How a layer is imported by itself.</summary>
public sealed record LayerImportOptions
{
    /// <summary>The layer below, by id, prefix of an id, DiffID or chain id, or an image whose uppermost layer it is; null for a lowest layer.</summary>
    public string? Parent { get; init; }

    /// <summary>The digest that the file, or the archive in it, must have; null where nobody says.</summary>
    public string? ExpectedDigest { get; init; }

    /// <summary>What the layer may ask of the machine.</summary>
    public ExtractionLimits Limits { get; init; } = ExtractionLimits.Default;
}
