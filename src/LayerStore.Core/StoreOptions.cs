namespace LayerStore;

/// <summary>How a store is opened.</summary>
public sealed record StoreOptions
{
    /// <summary>The root directory; null for <see cref="Store.DefaultRoot"/>.</summary>
    public string? Root { get; init; }

    /// <summary>The driver; null for the one that the store already has, or the best that works where it is new.</summary>
    public string? Driver { get; init; }

    /// <summary>The driver's options by Docker's names; null for those that the store was made with.</summary>
    public DriverOptions? DriverOptions { get; init; }

    /// <summary>What a new store gets where <see cref="Driver"/> and <see cref="DriverOptions"/> say nothing; null for nothing in particular. A store that exists is not asked.</summary>
    public StoreDefaults? Defaults { get; init; }

    /// <summary>
    /// True to make the store where there is none. False to touch nothing: a missing store is
    /// then an error with the id <see cref="ErrorIds.StoreNotFound"/>, and the database is opened for reading only.
    /// </summary>
    public bool CreateIfMissing { get; init; } = true;

    /// <summary>
    /// True to open an existing store for writing although <see cref="CreateIfMissing"/> is false: for commands that change what must be there already.
    /// </summary>
    public bool Writable { get; init; }

    /// <summary>
    /// True where this process is likely to open the store again soon: the database then stays open for a second after the store was disposed, and the next opening finds it ready.
    /// </summary>
    public bool KeepsDatabaseOpen { get; init; }
}
