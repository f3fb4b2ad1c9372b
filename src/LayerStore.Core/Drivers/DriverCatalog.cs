namespace LayerStore.Drivers;

/// <summary>The drivers that exist, best first, and the choice between them as Docker makes it.</summary>
public static class DriverCatalog
{
    /// <summary>Every driver, in order of preference.</summary>
    public static IReadOnlyList<IStorageDriverFactory> All { get; } = [];

    /// <summary>The driver of that name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.DriverUnknown"/> with the names that exist.</exception>
    public static IStorageDriverFactory Get(string name) =>
        All.FirstOrDefault(driver => driver.Name == name)
        ?? throw new StoreException(
            ErrorIds.DriverUnknown, StoreErrorKind.InvalidArgument, name,
            $"There is no storage driver '{Printable.Escape(name)}'.",
            $"Choose one of: {string.Join(", ", All.Select(driver => driver.Name))}.");
}
