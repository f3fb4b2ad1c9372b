using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>What the pool's own books say that devices have for themselves: blocks that they map and no other device does, those among them that hold overwritten parts of the image.</summary>
internal sealed class PoolAccounts(ThinPool pool)
{
    /// <summary>Bytes for each device, all of one moment; null where the pool has no such device, and for all where it is in trouble.</summary>
    /// <param name="devices">The devices' numbers and their origins'.</param>
    public IReadOnlyList<long?> OwnBytes(IReadOnlyList<(int Device, int Origin)> devices)
    {
        if (devices.Count == 0)
            return [];
        return Read((name, metadata) =>
        {
            var blockSize = pool.BlockSizeOf(name);
            return devices.Select(device => metadata.CountOwnBlocks(device.Device, device.Origin) * blockSize).ToArray();
        }) ?? new long?[devices.Count];
    }

    /// <summary>Those of the devices that the pool does not have; null where it is in trouble and its books cannot be read.</summary>
    public IReadOnlySet<int>? FindMissing(IReadOnlyList<int> devices) =>
        devices.Count == 0 ? new HashSet<int>() : Read((_, metadata) => devices.Where(device => !metadata.Has(device)).ToHashSet());

    /// <summary>Reads in a snapshot of the books; null where the pool is in trouble.</summary>
    private T? Read<T>(Func<string, ThinMetadata, T> read) where T : class
    {
        var name = pool.EnsureActive();
        if (pool.StatusOf(name) is not { Mode: "rw", NeedsCheck: false })
            return null;
        using (pool.Enter())
        {
            Hold(name);
            try
            {
                using var metadata = new ThinMetadata(MetadataDevice(name), HeldRoot(name));
                return read(name, metadata);
            }
            finally
            {
                _ = pool.Mapper.Message(name, "release_metadata_snap");
            }
        }
    }

    private void Hold(string name)
    {
        const string Message = "reserve_metadata_snap";
        var error = pool.Mapper.Message(name, Message);
        if (error == Errno.EBUSY)
        {
            // Somebody died who held it: the pool is ours, and we have its lock.
            _ = pool.Mapper.Message(name, "release_metadata_snap");
            error = pool.Mapper.Message(name, Message);
        }
        if (error != 0)
            throw LinuxError.From(error, $"send '{Message}' to the thin pool", name);
    }

    private long HeldRoot(string name) =>
        pool.Mapper.Status(name)?.Split(' ') is [_, _, _, var root, ..] && long.TryParse(root, NumberStyles.None, CultureInfo.InvariantCulture, out var block)
            ? block
            : throw PoolErrors.Failed(name, "it holds no snapshot of its metadata");

    /// <summary>The node of the pool's metadata device: the table has its number, sysfs its name.</summary>
    private string MetadataDevice(string name)
    {
        var number = pool.Mapper.Table(name)?.Split(' ')[0] ?? throw PoolErrors.Failed(name, "it is not active any more");
        var node = File.ReadLines($"/sys/dev/block/{number}/uevent").FirstOrDefault(line => line.StartsWith("DEVNAME=", StringComparison.Ordinal))
            ?? throw PoolErrors.Failed(name, $"its metadata device {number} has no name");
        return "/dev/" + node["DEVNAME=".Length..];
    }
}
