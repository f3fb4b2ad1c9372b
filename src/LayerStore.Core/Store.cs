using LayerStore.Configuration;
using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Maintenance;
using LayerStore.Metadata;
using LayerStore.Registries;
using LayerStore.Volumes;

namespace LayerStore;

/// <summary>A store: one root directory with its images, layers and containers. Safe for several threads; several processes may open one root.</summary>
public sealed class Store : IDisposable
{
    private readonly StoreMetadata _metadata;
    private readonly StoreDriver _choice;
    private readonly LayerOwner _owner;

    internal Store(string root, StoreMetadata metadata, StoreDriver choice, IStorageDriver driver, IMounts mounts)
    {
        Root = root;
        Driver = driver;
        _metadata = metadata;
        _choice = choice;
        _owner = new LayerOwner(metadata);
        Layers = new LayerCollection(root, metadata, driver, _owner) { FindTop = FindTopLayer };
        Images = new ImageCollection(root, metadata, Layers, driver);
        Registries = new RegistryTransfers(metadata, Images, Layers, driver);
        Volumes = new VolumeCollection(root, metadata, _owner, mounts);
        Containers = new ContainerCollection(root, metadata, Layers, Images, driver, _owner, mounts, Volumes);
        Maintenance = new StoreMaintenance(root, metadata, Layers, Images, Containers, Volumes);
    }

    /// <summary>The environment variable that names the root where nobody else does.</summary>
    public const string RootVariable = EffectiveConfiguration.RootVariable;

    /// <summary>The root directory, absolute.</summary>
    public string Root { get; }

    /// <summary>The driver that this store was made with.</summary>
    public IStorageDriver Driver { get; }

    /// <summary>The images.</summary>
    public ImageCollection Images { get; }

    /// <summary>The way of images to and from registries.</summary>
    public RegistryTransfers Registries { get; }

    /// <summary>The read-only layers.</summary>
    public LayerCollection Layers { get; }

    /// <summary>The containers.</summary>
    public ContainerCollection Containers { get; }

    /// <summary>The volumes.</summary>
    public VolumeCollection Volumes { get; }

    /// <summary>What the store takes, and how it takes less.</summary>
    public StoreMaintenance Maintenance { get; }

    /// <summary>The database, for the floors that stand on it.</summary>
    internal StoreMetadata Metadata => _metadata;

    /// <summary>
    /// <c>$LAYERSTORE_ROOT</c>; else <c>/var/lib/layerstore</c> for root and <c>layerstore</c> in the user's data directory (<c>$XDG_DATA_HOME</c>, <c>~/.local/share</c>) for everybody else.
    /// </summary>
    /// <remarks>No file is read; <see cref="EffectiveConfiguration"/> knows what the files say.</remarks>
    public static string DefaultRoot() => Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } root ? root : EffectiveConfiguration.BuiltInRoot;

    /// <summary>True where <paramref name="root"/> holds a store, or may not be looked into: opening it then says so. Touches nothing.</summary>
    public static bool Exists(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return OperatingSystem.IsLinux() && StoreRoot.HoldsStore(root);
    }

    /// <summary>Opens a store, and finishes or undoes what dead owners left in it.</summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.StoreNotFound"/>, <see cref="ErrorIds.StoreRootInvalid"/>, <see cref="ErrorIds.PermissionDenied"/>, <see cref="ErrorIds.DriverMismatch"/>,
    /// <see cref="ErrorIds.DriverUnknown"/>, <see cref="ErrorIds.DriverUnsupported"/>, <see cref="ErrorIds.StoreVersionUnsupported"/>, <see cref="ErrorIds.StoreDamaged"/>,
    /// <see cref="ErrorIds.PlatformUnsupported"/>.
    /// </exception>
    public static Store Open(StoreOptions options) => new StoreOpener(DriverCatalog.All, new Mounts()).Open(options);

    /// <summary>What <c>docker info</c> would say, also of a root that holds no store yet. Touches nothing.</summary>
    /// <param name="root">The root.</param>
    /// <param name="detailed">True to fill in what costs a little more: sums over layers and containers, and the disk.</param>
    /// <param name="defaults">What a new store would get; null for nothing in particular.</param>
    public static StorageInfo Describe(string root, bool detailed = false, StoreDefaults? defaults = null) =>
        new StoreOpener(DriverCatalog.All, new Mounts()).Describe(root, detailed, defaults);

    /// <summary>
    /// Every driver that there is, best first, and what each found out about <paramref name="root"/>, or about the nearest directory above it that exists. Leaves nothing behind.
    /// </summary>
    /// <param name="root">The root.</param>
    /// <param name="defaults">What a new store would get; null for nothing in particular.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreRootInvalid"/>, <see cref="ErrorIds.PermissionDenied"/>.</exception>
    public static IReadOnlyList<StorageDriver> ListDrivers(string root, StoreDefaults? defaults = null) => new DriverSurvey(DriverCatalog.All).Run(root, defaults);

    /// <summary>The nearest directory at or above <paramref name="root"/> that exists: a store that is made there stands on its file system.</summary>
    public static string NearestDirectory(string root) => StoreRoot.NearestExisting(StoreRoot.Normalize(root));

    /// <summary>What <c>docker info</c> would say.</summary>
    public StorageInfo GetInfo() => new()
    {
        Root = Root,
        StorageDriver = Driver.Name,
        DriverStatus = StoreOpener.ToDictionary(Driver.Status()),
        DriverOptions = _choice.Options,
        Containers = _metadata.Containers.Count(),
        Mounted = Containers.Mounts().Count,
        Images = _metadata.Images.Count(),
        Layers = _metadata.Layers.Count(),
        Initialized = true,
        Warnings = Warnings(),
    };

    private IReadOnlyList<string> Warnings()
    {
        var leftovers = _metadata.Layers.CountRemoving();
        IReadOnlyList<string> own = leftovers == 0
            ? []
            : [$"{leftovers} removed layer(s) could not be deleted from disk yet; the next command that changes the store tries again."];
        return [.. own, .. Driver.Warnings()];
    }

    private LayerId? FindTopLayer(string nameOrId)
    {
        string image;
        try
        {
            image = Images.Get(nameOrId).Id;
        }
        catch (StoreException notFound) when (notFound.ErrorId is ErrorIds.ImageNotFound or ErrorIds.ReferenceInvalid)
        {
            try
            {
                image = Containers.Get(nameOrId).ImageId;
            }
            catch (StoreException e) when (e.ErrorId == ErrorIds.ContainerNotFound)
            {
                throw notFound;
            }
        }
        return _metadata.Images.Get(image)?.TopLayer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner.Dispose();
        _metadata.Dispose();
    }
}
