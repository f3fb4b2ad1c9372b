using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Layers;

namespace LayerStore;

/// <summary>A store: one root directory with its images, layers and containers. Safe for several threads; several processes may open one root.</summary>
public sealed class Store : IDisposable
{
    private Store() => throw new NotSupportedException();

    /// <summary>The environment variable that names the root where nobody else does.</summary>
    public const string RootVariable = "LAYERSTORE_ROOT";

    /// <summary>The root directory, absolute.</summary>
    public string Root { get; private set; } = "";

    /// <summary>The driver that this store was made with.</summary>
    public IStorageDriver Driver => throw new NotSupportedException();

    /// <summary>The images.</summary>
    public ImageCollection Images => throw new NotSupportedException();

    /// <summary>The read-only layers.</summary>
    public LayerCollection Layers => throw new NotSupportedException();

    /// <summary>The containers.</summary>
    public ContainerCollection Containers => throw new NotSupportedException();

    /// <summary>
    /// <c>$LAYERSTORE_ROOT</c>; else <c>/var/lib/layerstore</c> for root and <c>layerstore</c> in the user's data directory (<c>$XDG_DATA_HOME</c>, <c>~/.local/share</c>) for everybody else.
    /// </summary>
    public static string DefaultRoot() => throw new NotSupportedException();

    /// <summary>True where <paramref name="root"/> holds a store. Touches nothing.</summary>
    public static bool Exists(string root) => throw new NotSupportedException();

    /// <summary>Opens a store, and finishes or undoes what dead owners left in it.</summary>
    public static Store Open(StoreOptions options) => throw new NotSupportedException();

    /// <summary>What <c>docker info</c> would say, also of a root that holds no store yet. Touches nothing.</summary>
    public static StorageInfo Describe(string root) => throw new NotSupportedException();

    /// <summary>What <c>docker info</c> would say.</summary>
    public StorageInfo GetInfo() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
