using LayerStore.Tests.Environments;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>What a whole store must do on every driver and every file system that it works on.</summary>
public abstract partial class StoreConformance(string driver, FileSystemFixture fileSystem) : IDisposable
{
    private string _home = "";

    public void Dispose()
    {
        // The directory is gone by now.
        fileSystem.Clean(_home);
        GC.SuppressFinalize(this);
    }

    [FileSystemFact]
    public void Hostile_layers_become_what_the_table_says_and_touch_nothing_else()
    {
        using var hostile = new HostileImports(driver, fileSystem.Path, fileSystem.NewOptions());
        _home = hostile.DriverHome;
        var failures = hostile.Run(few: DriverEnvironment.IsGuest);
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private void WithStore(Action<ImportStore> act) => WithStore(fileSystem.NewOptions(), act);

    private void WithStore(DriverOptions options, Action<ImportStore> act)
    {
        using var store = new ImportStore(driver, fileSystem.Path, options);
        _home = Path.Combine(store.Root, driver);
        try
        {
            act(store);
        }
        finally
        {
            foreach (var container in store.Store.Containers.List())
                store.Store.Containers.Remove(container.Id, force: true);
            store.Store.Driver.Shutdown();
        }
    }
}
