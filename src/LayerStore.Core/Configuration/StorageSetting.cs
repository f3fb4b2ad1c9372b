using LayerStore.Configuration;

namespace LayerStore;

/// <summary>One setting as it counts, and where it comes from.</summary>
public sealed record StorageSetting
{
    /// <summary>The setting from the top: <c>driver</c>, <c>driverOptions.overlay2.size</c>, <c>limits.maxEntries</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A text, a truth, a whole number (bytes or a count) or texts; null where nobody says and nothing is built in.</summary>
    public required object? Value { get; init; }

    /// <summary>What kind of value it has.</summary>
    public required SettingType Type { get; init; }

    /// <summary>Who says so.</summary>
    public required SettingSource Source { get; init; }

    /// <summary>The place in words: <c>default</c>, <c>$env:LAYERSTORE_ROOT</c>, <c>/etc/layerstore/layerstore.yaml:3</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The file; null where it comes from none.</summary>
    public string? Path { get; init; }

    /// <summary>The line in the file, counted from 1; null where it comes from none.</summary>
    public int? Line { get; init; }

    /// <summary>The column in the file, counted from 1; null where it comes from none.</summary>
    public int? Column { get; init; }

    /// <summary>What it does, as a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What its values are, in words.</summary>
    public required string Expected { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
