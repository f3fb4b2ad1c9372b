using LayerStore.Drivers;
using LayerStore.Layers;

namespace LayerStore;

/// <summary>What costs a little more to say of a store.</summary>
internal static class StorageDetails
{
    /// <summary>Adds it to <paramref name="info"/>; of a root without a store only what its disk says.</summary>
    public static StorageInfo Add(StorageInfo info, Store? store)
    {
        var disk = new DriveInfo(StoreRoot.NearestExisting(info.Root));
        info = info with { DiskTotal = disk.TotalSize, DiskAvailable = disk.AvailableFreeSpace };
        if (store is null)
            return info;
        var allocated = store.Containers.MeasureAllocated(store.Containers.List());
        var layers = store.Layers.List();
        return info with
        {
            Features = Names(store.Driver.Features),
            LayerBytes = layers.Sum(layer => layer.Size),
            KeptBlobBytes = layers.Sum(layer => KeptBlob.Find(store.Driver, LayerId.Parse(layer.Id))?.Size ?? 0),
            AllocatedBytes = allocated.Any(container => container.AllocatedBytes is not null) ? allocated.Sum(container => container.AllocatedBytes ?? 0) : null,
        };
    }

    /// <summary>The names of features.</summary>
    public static IReadOnlyList<string> Names(DriverFeatures features) =>
        [.. Enum.GetValues<DriverFeatures>().Where(feature => feature != 0 && features.HasFlag(feature)).Select(feature => feature.ToString())];
}
