using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore;

/// <summary>Opens stores and makes new ones.</summary>
/// <param name="drivers">The drivers to choose from, best first.</param>
/// <param name="mounts">How mounts are made.</param>
internal sealed class StoreOpener(IReadOnlyList<IStorageDriverFactory> drivers, IMounts mounts)
{
    /// <summary>As <see cref="Store.Open"/>.</summary>
    public Store Open(StoreOptions options)
    {
        if (!OperatingSystem.IsLinux())
            throw new StoreException(ErrorIds.PlatformUnsupported, StoreErrorKind.NotSupported, null,
                "Stores need Linux: this system has none of the file systems and mounts that storage drivers use.",
                "Run it on Linux, for example in WSL.");
        SqliteLibrary.Require();
        var root = StoreRoot.Normalize(options.Root ?? Store.DefaultRoot());
        if (options.Driver is { } name)
            Find(name);
        if (!StoreRoot.HoldsStore(root))
        {
            if (!options.CreateIfMissing)
                throw new StoreException(ErrorIds.StoreNotFound, StoreErrorKind.NotFound, root,
                    $"There is no store at '{Printable.Escape(root)}'.",
                    "Name another root (-Root, $env:LAYERSTORE_ROOT), or make a store there (Initialize-Storage, Import-ContainerImage).");
            return Create(root, options);
        }
        var metadata = new StoreMetadata(Database.Open(StoreRoot.DatabaseOf(root), readOnly: !options.CreateIfMissing && !options.Writable, pooled: options.KeepsDatabaseOpen));
        try
        {
            if (StoreDriver.Load(metadata) is { } choice)
                return OpenExisting(root, metadata, choice, options);
            metadata.Dispose();
            // Whoever was making it has not come to the end, or is just about to.
            return Create(root, options);
        }
        catch
        {
            metadata.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Store.Describe"/>.</summary>
    public StorageInfo Describe(string root, bool detailed = false, StoreDefaults? defaults = null)
    {
        root = StoreRoot.Normalize(root);
        if (StoreRoot.HoldsStore(root))
        {
            using var store = Open(new StoreOptions { Root = root, CreateIfMissing = false });
            return detailed ? StorageDetails.Add(store.GetInfo(), store) : store.GetInfo();
        }
        StoreRoot.RefuseImpossible(root, Names);
        var warnings = new List<string>();
        var status = new Dictionary<string, object>();
        var chosen = Try(root, defaults, status, warnings);
        var info = new StorageInfo
        {
            Root = root,
            StorageDriver = chosen ?? "",
            DriverStatus = status,
            DriverOptions = new Dictionary<string, string>(),
            Containers = 0,
            Mounted = 0,
            Images = 0,
            Layers = 0,
            Initialized = false,
            Warnings = warnings,
        };
        return detailed ? StorageDetails.Add(info, store: null) : info;
    }

    /// <summary>The driver's status as docker info has it: names in order.</summary>
    internal static IReadOnlyDictionary<string, object> ToDictionary(IReadOnlyList<StatusLine> lines)
    {
        var status = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var line in lines)
            status[line.Name] = line.Value;
        return status;
    }

    private Store OpenExisting(string root, StoreMetadata metadata, StoreDriver choice, StoreOptions options)
    {
        choice.RefuseOther(root, options.Driver, options.DriverOptions);
        var driver = Find(choice.Name).Open(Path.Combine(root, choice.Name), choice.ToDriverOptions());
        var store = new Store(root, metadata, choice, driver, mounts);
        if (!metadata.Database.IsReadOnly)
        {
            if (store.Layers.Recover())
                store.Containers.RemoveStrayPlaces();
            store.Volumes.Recover();
        }
        return store;
    }

    private Store Create(string root, StoreOptions options)
    {
        var made = StoreRoot.Make(root, Names);
        StoreMetadata? metadata = null;
        IStorageDriver? driver = null;
        var home = "";
        var homeIsNew = false;
        try
        {
            // The driver first and the database after it: a driver that cannot work here leaves no store behind.
            var factory = DriverCatalog.Choose(drivers, root, options.Driver, options.DriverOptions, defaults: options.Defaults);
            home = Path.Combine(root, factory.Name);
            homeIsNew = !Directory.Exists(home);
            var given = DriverCatalog.OptionsOf(factory, options.DriverOptions, options.Defaults);
            driver = factory.Open(home, given);
            var choice = StoreDriver.Of(factory, given);
            // A database that was lost may have known them: they are orphans, and not what nobody finished.
            foreach (var layer in driver.Enumerate())
                driver.ConfirmIdentity(layer.Id);
            driver.Sync();
            metadata = new StoreMetadata(Database.OpenOrCreate(StoreRoot.DatabaseOf(root)));
            var recorded = metadata.Database.Write(transaction =>
            {
                var existing = StoreDriver.Load(metadata, transaction);
                if (existing is not null)
                    return existing;
                choice.Save(transaction);
                SettingRecords.Set(transaction, SettingRecords.BootId, ProcessIdentity.Current.BootId);
                return choice;
            }, durable: true);
            SyncDirectories(root, made);
            return OpenExisting(root, metadata, recorded, options);
        }
        catch
        {
            metadata?.Dispose();
            if (metadata is null && homeIsNew && Directory.Exists(home) && !StoreRoot.HoldsStore(root))
            {
                driver?.Shutdown();
                Directory.Delete(home, recursive: true);
            }
            StoreRoot.Undo(made);
            throw;
        }
    }

    private IEnumerable<string> Names => drivers.Select(driver => driver.Name);

    /// <summary>Tries the drivers in a directory of its own at or above <paramref name="root"/>, which goes again.</summary>
    private string? Try(string root, StoreDefaults? defaults, Dictionary<string, object> status, List<string> warnings)
    {
        var existing = StoreRoot.NearestExisting(root);
        try
        {
            using var place = new ProbeDirectory(existing);
            var directory = place.Path;
            var factory = DriverCatalog.Choose(drivers, root, place: directory, defaults: defaults);
            var driver = factory.Open(Path.Combine(directory, factory.Name), []);
            try
            {
                foreach (var line in driver.Status())
                    status[line.Name] = line.Value;
            }
            finally
            {
                driver.Shutdown();
            }
            return factory.Name;
        }
        catch (StoreException e)
        {
            warnings.Add($"{e.Message} {e.RecommendedAction}");
            return null;
        }
    }

    private IStorageDriverFactory Find(string name) => DriverCatalog.Get(drivers, name);

    /// <summary>Makes the names of new directories durable, as SQLite does for its own file.</summary>
    private static void SyncDirectories(string root, IReadOnlyList<string> made)
    {
        foreach (var path in made.Select(path => Path.GetDirectoryName(path)!).Append(root))
        {
            var directory = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
            if (directory < 0)
                continue;
            _ = Libc.Fsync(directory);
            _ = Libc.Close(directory);
        }
    }
}
