namespace LayerStore.Volumes;

/// <summary>What a new volume shall be.</summary>
public sealed record VolumeOptions
{
    /// <summary>The name; null for a generated one: the volume is then anonymous.</summary>
    public string? Name { get; init; }

    /// <summary>Bytes that it may take; null for no limit.</summary>
    public long? Size { get; init; }

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
