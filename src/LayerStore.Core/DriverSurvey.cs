using LayerStore.Drivers;
using LayerStore.Metadata;

namespace LayerStore;

/// <summary>Finds out what each driver says of a root, whether or not a store stands there, and which of them the store has or would get.</summary>
/// <param name="drivers">The drivers, best first.</param>
internal sealed class DriverSurvey(IReadOnlyList<IStorageDriverFactory> drivers)
{
    /// <summary>As <see cref="Store.ListDrivers"/>.</summary>
    public IReadOnlyList<StorageDriver> Run(string root, StoreDefaults? defaults = null)
    {
        root = StoreRoot.Normalize(root);
        var place = StoreRoot.NearestExisting(root);
        var store = StoreRoot.HoldsStore(root) ? ChoiceOf(root) : null;
        IReadOnlyList<string> holders = store is not null ? [store.Name] : PriorDrivers.Find(root, drivers.Select(driver => driver.Name));
        var reports = drivers.Select(driver => driver.Probe(place, store?.Name == driver.Name ? store.ToDriverOptions() : DriverCatalog.OptionsOf(driver, null, store is null ? defaults : null))).ToArray();
        var chosen = Default(holders, reports, defaults?.Driver);
        return
        [
            .. drivers.Zip(reports, (driver, report) => new StorageDriver
            {
                Name = driver.Name,
                Supported = report.Supported,
                Reason = Reason(report),
                IsDefault = driver.Name == chosen,
                HoldsData = holders.Contains(driver.Name),
                RequiresRoot = driver.RequiresRoot,
                Features = StorageDetails.Names(driver.Features),
                Options = driver.Options,
                Checks = report.Checks,
                Path = place,
                Root = root,
            }),
        ];
    }

    /// <summary>As <see cref="DriverCatalog"/> chooses: what holds data, else the one that is preferred or the first that works; none where that is an error.</summary>
    private static string? Default(IReadOnlyList<string> holders, ProbeReport[] reports, string? preferred) => holders.Count switch
    {
        0 => Array.Find(reports, report => report.Supported && (preferred is null || report.Driver == preferred))?.Driver,
        1 => holders[0],
        _ => null,
    };

    private static StoreDriver? ChoiceOf(string root)
    {
        using var metadata = new StoreMetadata(Database.Open(StoreRoot.DatabaseOf(root), readOnly: true));
        return StoreDriver.Load(metadata);
    }

    private static string Reason(ProbeReport report)
    {
        if (report.Failure is { } failure)
            return DriverCatalog.Describe(failure);
        var missing = report.Checks.Where(check => !check.Passed).Select(check => check.Name).ToArray();
        return missing.Length == 0 ? "every check passed" : $"works, without: {string.Join(", ", missing)}";
    }
}
