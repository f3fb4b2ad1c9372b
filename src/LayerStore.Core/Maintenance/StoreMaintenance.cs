using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Maintenance;

/// <summary>What a store takes, and how it takes less.</summary>
public sealed class StoreMaintenance
{
    private readonly string _root;
    private readonly StoreMetadata _metadata;
    private readonly LayerCollection _layers;
    private readonly ImageCollection _images;
    private readonly ContainerCollection _containers;
    private readonly VolumeCollection _volumes;
    private readonly DiskUsage _usage;

    internal StoreMaintenance(string root, StoreMetadata metadata, LayerCollection layers, ImageCollection images, ContainerCollection containers, VolumeCollection volumes)
    {
        (_root, _metadata, _layers, _images, _containers, _volumes) = (root, metadata, layers, images, containers, volumes);
        _usage = new DiskUsage(root, metadata, containers, volumes);
    }

    /// <summary>What all things of a kind take, as a row of <c>docker system df</c>. Containers are measured for it, the rest is known.</summary>
    /// <exception cref="StoreException">A container cannot be measured, for example <see cref="ErrorIds.LayerNotFound"/> where somebody deleted a layer below it.</exception>
    public StorageUsage GetUsage(StorageKind kind, CancellationToken cancellation = default) => _usage.Of(kind, null, cancellation);

    /// <summary>The same; a container that cannot be measured counts nothing.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="failed">Told of each that cannot be measured.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public StorageUsage GetUsage(StorageKind kind, Action<Container, StoreException> failed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return _usage.Of(kind, failed, cancellation);
    }

    /// <summary>What each image takes, and how much of it alone, newest first, as <c>docker system df -v</c>; an image with several names is in it once.</summary>
    public IReadOnlyList<ImageUsage> GetImageUsage() => _usage.EachImage();

    /// <summary>
    /// What is not in use, in the order in which it can be removed: containers that are not mounted, images that no other container uses (without a name, or all), standalone layers, volumes that no other container has (without a name, or all). Nothing is changed.
    /// </summary>
    public IReadOnlyList<UnusedItem> FindUnused(PruneOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var idle = _containers.List().Where(container => container.State != "Mounted").ToList();
        var (contents, names) = _metadata.Database.Read(transaction => (StoreContents.Of(_metadata, transaction), _metadata.Images.Names(transaction).ToLookup(name => name.Value, name => name.Key)));
        return PrunePlan.Make(options, contents, names, idle, (containers, failed) => _containers.Measure(containers, failed, cancellation),
            options.Kinds.Contains(StorageKind.Volume) ? _volumes.List() : [], name => _volumes.Measure(name, cancellation).Bytes);
    }

    /// <summary>Removes one thing that was found, where it is still not in use: an image with all its names, never one that a container uses; a container that nobody has mounted.</summary>
    /// <returns>What became free; null where the thing is in use by now, has got a name, or is gone.</returns>
    public PruneResult? Prune(UnusedItem item, PruneOptions options)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(options);
        var bytes = item.Kind switch
        {
            StorageKind.Container => RemoveContainer(item),
            StorageKind.Volume => RemoveVolume(item, options),
            StorageKind.Image => _images.RemoveUnused(item.Id, named: options.All),
            _ => _layers.RemoveUnneeded(LayerId.Parse(item.Id))?.Sum(layer => layer.Usage.Bytes),
        };
        return bytes is { } free ? new PruneResult { Kind = item.Kind, Id = item.Id, Name = item.Name, Bytes = free, Root = _root } : null;
    }

    private long? RemoveVolume(UnusedItem item, PruneOptions options)
    {
        try
        {
            if (!options.All && !_volumes.Get(item.Id).Anonymous)
                return null;
            _volumes.Remove(item.Id);
            return item.Bytes;
        }
        catch (StoreException e) when (e.ErrorId is ErrorIds.VolumeInUse or ErrorIds.VolumeNotFound)
        {
            return null;
        }
    }

    private long? RemoveContainer(UnusedItem item)
    {
        try
        {
            _containers.Remove(item.Id);
            return item.Bytes;
        }
        catch (StoreException e) when (e.ErrorId is ErrorIds.ContainerMounted or ErrorIds.ContainerNotFound)
        {
            return null;
        }
    }
}
