using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Maintenance;

/// <summary>What a store takes, as <c>docker system df</c> says it.</summary>
internal sealed class DiskUsage(string root, StoreMetadata metadata, ContainerCollection containers, VolumeCollection volumes)
{
    /// <summary>The row of one kind.</summary>
    public StorageUsage Of(StorageKind kind, Action<Container, StoreException>? failed, CancellationToken cancellation) => kind switch
    {
        StorageKind.Image => Images(),
        StorageKind.Container => Containers(failed, cancellation),
        StorageKind.Volume => Volumes(cancellation),
        _ => Layers(),
    };

    /// <summary>Every image, each once.</summary>
    public IReadOnlyList<ImageUsage> EachImage()
    {
        var (contents, names) = metadata.Database.Read(transaction => (StoreContents.Of(metadata, transaction), metadata.Images.Names(transaction)));
        var namesOf = names.ToLookup(name => name.Value, name => name.Key);
        var users = contents.Images.SelectMany(contents.ChainOf).CountBy(layer => layer.Id).ToDictionary();
        return
        [
            .. contents.Images.Select(image =>
            {
                var shared = contents.ChainOf(image).Where(layer => users[layer.Id] > 1).Sum(layer => layer.Usage.Bytes);
                var row = ImageRow.One(image, canonicalName: null, [.. namesOf[image.Id]], layers: [], root);
                return new ImageUsage
                {
                    Id = image.Id,
                    Repository = row.Repository,
                    Tag = row.Tag,
                    Reference = row.Reference,
                    Created = image.Created,
                    Size = image.Size,
                    SharedSize = shared,
                    UniqueSize = image.Size - shared,
                    Containers = contents.ContainersOf.GetValueOrDefault(image.Id),
                    Root = root,
                };
            }),
        ];
    }

    private StorageUsage Images()
    {
        var contents = StoreContents.Of(metadata);
        var active = contents.Images.Where(image => contents.ContainersOf.ContainsKey(image.Id)).ToList();
        var size = Bytes(contents.LayersOf(contents.Images));
        return Row(StorageKind.Image, "Images", contents.Images.Count, active.Count, size, size - Bytes(contents.LayersOf(active)));
    }

    private StorageUsage Containers(Action<Container, StoreException>? failed, CancellationToken cancellation)
    {
        var all = containers.List();
        var mounted = all.Where(container => container.State == "Mounted").Select(container => container.Id).ToHashSet(StringComparer.Ordinal);
        var sizes = (failed is null ? containers.Measure(all, cancellation) : containers.Measure(all, failed, cancellation)).ToList();
        return Row(
            StorageKind.Container, "Containers", all.Count, mounted.Count, sizes.Sum(size => size.SizeRw),
            sizes.Where(size => !mounted.Contains(size.Id)).Sum(size => size.SizeRw));
    }

    private StorageUsage Volumes(CancellationToken cancellation)
    {
        var all = volumes.List();
        long size = 0, unused = 0;
        foreach (var volume in all)
        {
            var bytes = volumes.Measure(volume.Name, cancellation).Bytes;
            size += bytes;
            unused += volume.UsedBy.Count == 0 ? bytes : 0;
        }
        return Row(StorageKind.Volume, "Local Volumes", all.Count, all.Count(volume => volume.UsedBy.Count > 0), size, unused);
    }

    private StorageUsage Layers()
    {
        var contents = StoreContents.Of(metadata);
        var kept = contents.Kept.ToList();
        var needed = contents.LayersOf(contents.Images);
        // What a kept layer stands on is there for its sake as well.
        var own = kept.SelectMany(layer => contents.ChainOf(layer.Id)).ToHashSet();
        own.ExceptWith(needed);
        return Row(StorageKind.Layer, "Standalone Layers", kept.Count, kept.Count(needed.Contains), Bytes(own), Bytes(own));
    }

    private StorageUsage Row(StorageKind kind, string type, int total, int active, long size, long reclaimable) => new()
    {
        Type = type,
        Kind = kind,
        Total = total,
        Active = active,
        Size = size,
        Reclaimable = reclaimable,
        Root = root,
    };

    private static long Bytes(IEnumerable<LayerRecord> layers) => layers.Sum(layer => layer.Usage.Bytes);
}
