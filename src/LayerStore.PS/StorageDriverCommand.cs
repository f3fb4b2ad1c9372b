using System.Management.Automation;
using LayerStore.Drivers;

namespace LayerStore.PS;

/// <summary>A cmdlet that works on storage drivers: it knows how users name them.</summary>
public abstract class StorageDriverCommand : StoreCommand
{
    /// <summary>Calls <paramref name="action"/> for each driver that these names and wildcards mean, best first; for all where there are none.</summary>
    private protected void ForEachDriver(string[]? names, Action<IStorageDriverFactory> action)
    {
        if (names is null)
            ForEach(DriverCatalog.All, action);
        ForEach(names, name =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                ForEach(DriverCatalog.All.Where(driver => new NameFilter(name).Matches(driver.Name)), action);
            else
                action(DriverCatalog.Get(name.ToLowerInvariant()));
        });
    }
}
