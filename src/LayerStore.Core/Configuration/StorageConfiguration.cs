namespace LayerStore.Configuration;

/// <summary>What one <c>layerstore.yaml</c> says; how several count together, <see cref="EffectiveConfiguration"/> knows.</summary>
public sealed record StorageConfiguration
{
    /// <summary>The file that it was read from; none where it is a text.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The store's root directory where nobody names one; null where the file does not say.</summary>
    public string? Root { get; init; }

    /// <summary>The driver of new stores, by Docker's name; null for the best that works.</summary>
    public string? Driver { get; init; }

    /// <summary>Options of new stores' drivers, by Docker's names; each driver takes its own.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>The registries that something is said of.</summary>
    public IReadOnlyList<RegistryConfiguration> Registries { get; init; } = [];

    /// <summary>What one layer may ask of the machine: numbers by the names of <see cref="Archives.ExtractionLimits"/>, only those that the file says. Bytes, or counts.</summary>
    public IReadOnlyDictionary<string, long> Limits { get; init; } = new Dictionary<string, long>();
}
