namespace LayerStore.Maintenance;

/// <summary>What is cleared.</summary>
public sealed record PruneOptions
{
    /// <summary>The kinds. Standalone layers only where they are named: somebody brought them in for a purpose that the store cannot know; and volumes, whose files exist nowhere else.</summary>
    public IReadOnlyCollection<StorageKind> Kinds { get; init; } = [StorageKind.Container, StorageKind.Image];

    /// <summary>True for every image, and every volume, that no container uses; false for those without a name.</summary>
    public bool All { get; init; }

    /// <summary>Only what was made, and came into the store, before this moment, UTC; null for all.</summary>
    public DateTime? Before { get; init; }

    /// <summary>Bytes of what is not in use that may stay, the youngest first; null to keep none.</summary>
    public long? KeepBytes { get; init; }

    /// <summary>Only containers, images and volumes with all of these labels; where the value is null, whatever it is. Layers have none.</summary>
    public IReadOnlyDictionary<string, string?> Labels { get; init; } = new Dictionary<string, string?>();
}
