using LayerStore.Drivers;

namespace LayerStore;

/// <summary>A storage driver, and what was found out about it in one place.</summary>
public sealed record StorageDriver
{
    /// <summary>Docker's name of the driver.</summary>
    public required string Name { get; init; }

    /// <summary>True where the driver works here.</summary>
    public required bool Supported { get; init; }

    /// <summary>Why it does not work here, or what would make it better; one line.</summary>
    public required string Reason { get; init; }

    /// <summary>True for the driver that a store here has, or would get where nobody named one.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>True where layers of this driver are here already.</summary>
    public required bool HoldsData { get; init; }

    /// <summary>True where nobody but root can use the driver.</summary>
    public required bool RequiresRoot { get; init; }

    /// <summary>What the driver can do where every check passes, by the names of <see cref="DriverFeatures"/>.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>The options that the driver takes.</summary>
    public required IReadOnlyList<DriverOption> Options { get; init; }

    /// <summary>Everything that was tried, in that order, with what came back and what would make it pass.</summary>
    public required IReadOnlyList<ProbeCheck> Checks { get; init; }

    /// <summary>The directory that was probed.</summary>
    public required string Path { get; init; }

    /// <summary>The store's root that was asked about.</summary>
    public required string Root { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
