using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>A thin pool that somebody else made and brings up (<c>dm.thinpooldev</c>).</summary>
internal sealed class ExistingPoolBacking(IDeviceMapper mapper, string pool) : IPoolBacking
{
    // What is below may be real disks, on which a discard can take long.
    public bool DiscardsByDefault => false;

    public long? FreeBytes => null;

    public string NameOf(PoolRecord record) => pool;

    public string Activate(PoolRecord record)
    {
        if (mapper.Find(pool) is not { } device)
            throw PoolErrors.NotOurs(pool, "there is no such device; bring it up first ('lvchange -ay' for LVM's)");
        RefuseForeign(mapper, record, pool);
        DeviceNode.Ensure(pool, device);
        return pool;
    }

    public void Deactivate(PoolRecord record)
    {
        // Whoever made it takes it down.
    }

    public void Undo(PoolRecord record)
    {
        if (record.State == PoolState.Claimed && mapper.Find(pool) is not null)
            _ = mapper.Message(pool, $"delete {PoolRecord.BaseDevice}");
    }

    public IEnumerable<StatusLine> Status() => [];

    public IEnumerable<string> Warnings() => [];

    /// <summary>Refuses a pool that is none, or that holds what is not ours.</summary>
    public static void RefuseForeign(IDeviceMapper mapper, PoolRecord record, string pool)
    {
        // Metadata and data device, length of a block, low water mark.
        if (mapper.Table(pool)?.Split(' ') is not [_, _, var block, _, ..] || !long.TryParse(block, out var sectors))
            throw PoolErrors.NotOurs(pool, "it is no thin pool");
        var status = PoolStatus.Parse(mapper.Status(pool) ?? "", sectors * 512);
        ThinPool.RefuseFailed(pool, status);
        if (record.State == PoolState.New && (status.UsedData > 0 || status.TransactionId > 0))
            throw PoolErrors.NotOurs(pool, $"unable to take ownership: it already has used data blocks ({ByteSize.Format(status.UsedData)}, transaction {status.TransactionId})");
    }
}
