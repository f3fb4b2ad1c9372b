namespace LayerStore.Configuration;

/// <summary>What <c>layerstore.yaml</c> says; several files make one, the later ones counting more, setting by setting.</summary>
public sealed record StorageConfiguration
{
    /// <summary>The files that it was read from, the system's before the user's.</summary>
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

    /// <summary>This one, with what <paramref name="other"/> says instead where it says something.</summary>
    public StorageConfiguration With(StorageConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new StorageConfiguration
        {
            Path = [.. Path, .. other.Path],
            Root = other.Root ?? Root,
            Driver = other.Driver ?? Driver,
            DriverOptions = Merge(DriverOptions, other.DriverOptions),
            Registries = [.. Registries.Concat(other.Registries).GroupBy(registry => registry.Name).Select(same => same.Aggregate((all, next) => all.With(next)))],
            Limits = Merge(Limits, other.Limits),
        };
    }

    private static SortedDictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> first, IReadOnlyDictionary<string, T> second)
    {
        var merged = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in first.Concat(second))
            merged[name] = value;
        return merged;
    }
}
