namespace LayerStore;

/// <summary>What a new store gets where nobody names a driver or an option; a store that exists keeps what it was made with.</summary>
public sealed record StoreDefaults
{
    /// <summary>The driver by Docker's name; null for the best that works. It has to work: no other is taken in its place.</summary>
    public string? Driver { get; init; }

    /// <summary>Options of any drivers by Docker's names: the driver that is chosen takes its own of them.</summary>
    public DriverOptions DriverOptions { get; init; } = [];
}
