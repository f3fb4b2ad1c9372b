using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore;

/// <summary>
/// What a store's database says, for those who only look and cannot wait: no driver is opened, nothing is finished or undone, and no lock is waited for. Safe for several threads.
/// </summary>
public sealed class StoreIndex : IDisposable
{
    private readonly StoreMetadata _metadata;
    private readonly Mounts _mounts = new();

    private StoreIndex(string root, StoreMetadata metadata) => (Root, _metadata) = (root, metadata);

    /// <summary>The root directory, absolute.</summary>
    public string Root { get; }

    /// <summary>The index of the store at a root; null where there is none.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreRootInvalid"/>, <see cref="ErrorIds.PermissionDenied"/>, <see cref="ErrorIds.StoreDamaged"/>, <see cref="ErrorIds.StoreVersionUnsupported"/>.</exception>
    public static StoreIndex? Open(string root)
    {
        if (!Store.Exists(root))
            return null;
        root = StoreRoot.Normalize(root);
        return new StoreIndex(root, new StoreMetadata(Database.Open(StoreRoot.DatabaseOf(root), readOnly: true, busyMilliseconds: 0, pooled: true)));
    }

    /// <summary>Every container, newest first, without sizes.</summary>
    public IReadOnlyList<Container> Containers() => ContainerRow.List(_metadata, Root, _mounts);

    /// <summary>Every row of <c>docker image ls</c>.</summary>
    public IReadOnlyList<ContainerImage> Images() => ImageCollection.List(_metadata, Root);

    /// <summary>The read-only layers.</summary>
    public IReadOnlyList<ContainerLayer> Layers() => LayerView.Of(_metadata, Root).All;

    /// <summary>Every volume, by name, without sizes.</summary>
    public IReadOnlyList<ContainerVolume> Volumes() => VolumeRow.List(_metadata, Root);

    /// <inheritdoc/>
    public void Dispose() => _metadata.Dispose();
}
