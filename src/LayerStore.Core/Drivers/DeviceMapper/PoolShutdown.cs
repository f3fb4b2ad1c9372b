using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>Takes down every device of a store, its pool and what is below.</summary>
internal sealed class PoolShutdown(DeviceMapperLayout layout, ThinPool pool, PoolRecord record)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <summary>Does it.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountBusy"/> where something is still mounted; what could be taken down is.</exception>
    public void Run()
    {
        using (pool.Enter())
        {
            var poolName = pool.Backing.NameOf(record);
            var mapper = pool.Mapper;
            foreach (var name in mapper.Names().Where(name => name.StartsWith(record.Prefix + "-", StringComparison.Ordinal) && name != poolName))
                TakeDown(mapper, name);
            pool.Backing.Deactivate(record);
            foreach (var mark in Directory.EnumerateFiles(layout.Layers, "attached", SearchOption.AllDirectories))
                File.Delete(mark);
        }
    }

    private static void TakeDown(IDeviceMapper mapper, string name)
    {
        DeviceNode.Remove(name);
        if (BusyRetry.Run(() => mapper.Remove(name, deferred: false), MapperRemoval.Busy, Wait) != MapperRemoval.Busy)
            return;
        if (mapper.Find(name) is { } active)
            DeviceNode.Ensure(name, active);
        throw new StoreException(
            ErrorIds.MountBusy, StoreErrorKind.InUse, name, $"The device '{DeviceNode.PathOf(name)}' is in use: it is mounted.",
            "Dismount the containers of the store first (Dismount-Container -All).");
    }
}
