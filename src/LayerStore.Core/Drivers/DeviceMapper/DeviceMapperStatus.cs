namespace LayerStore.Drivers.DeviceMapper;

/// <summary>devicemapper's lines of <c>docker info</c>, and its warnings.</summary>
internal static class DeviceMapperStatus
{
    // Warned of, when the pool has less than that many times of what is kept free.
    private const int WarnFactor = 2;

    public static IReadOnlyList<StatusLine> Of(
        DeviceMapperLayout layout, DeviceMapperOptions options, ThinPool pool, PoolRecord record, DeviceFileSystem fileSystem)
    {
        var name = pool.EnsureActive();
        var status = pool.StatusOf(name);
        var freeData = status.TotalData - status.UsedData;
        return
        [
            new("Pool Name", name),
            new("Pool Blocksize", pool.BlockSizeOf(name)),
            new("Base Device Size", record.BaseSize),
            new("Backing Filesystem", fileSystem.DisplayName),
            // Nothing has to be synchronised: the nodes are made here, and udev is told to leave the devices alone.
            new("Udev Sync Supported", true),
            .. pool.Backing.Status(),
            new("Data Space Used", status.UsedData),
            new("Data Space Total", status.TotalData),
            // Sparse files promise more than the disk below them has.
            new("Data Space Available", Math.Min(freeData, pool.Backing.FreeBytes ?? freeData)),
            new("Metadata Space Used", status.UsedMetadata),
            new("Metadata Space Total", status.TotalMetadata),
            new("Metadata Space Available", status.TotalMetadata - status.UsedMetadata),
            new("Thin Pool Minimum Free Space", status.TotalData / 100 * options.MinFreePercent),
            new("Deferred Removal Enabled", options.DeferredRemoval),
            new("Deferred Deletion Enabled", options.DeferredDeletion),
            new("Deferred Deleted Device Count", (long)Directory.EnumerateDirectories(layout.Removing).Count()),
            new("Library Version", $"none (kernel interface {Linux.DeviceMapper.Version()})"),
        ];
    }

    public static IReadOnlyList<string> Warnings(DeviceMapperOptions options, ThinPool pool)
    {
        var name = pool.EnsureActive();
        var status = pool.StatusOf(name);
        var warnings = pool.Backing.Warnings().ToList();
        if (status.NeedsCheck || status.Mode != "rw")
            warnings.Add($"The thin pool '{name}' is in the mode '{status.Mode}'{(status.NeedsCheck ? " and needs to be checked (thin_check)" : "")}: nothing new can be written.");
        else if (pool.Shortage(status, Math.Min(99, options.MinFreePercent * WarnFactor)) is { } shortage)
            warnings.Add($"The thin pool '{name}' fills up: {shortage}. Remove containers and images, or extend it, before new layers are refused.");
        return warnings;
    }
}
