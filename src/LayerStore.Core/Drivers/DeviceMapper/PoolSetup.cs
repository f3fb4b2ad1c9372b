using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>Brings a store's pool up when the driver is opened; makes it and the base device where that was never finished.</summary>
internal sealed class PoolSetup(DeviceMapperLayout layout, DeviceMapperOptions options, ThinPool pool, ThinDevices devices)
{
    /// <summary>Does it. Where a new pool cannot be made, nothing is left of it.</summary>
    public void Run()
    {
        if (PoolRecord.Read(layout) is { State: PoolState.Ready } ready && pool.Mapper.Find(pool.Backing.NameOf(ready)) is not null)
        {
            pool.Backing.Activate(ready);
            // Who made it may have made it anew.
            if (options.ThinPool is not null)
                Verify(ready);
            return;
        }
        using (pool.Enter())
        {
            var record = PoolRecord.Read(layout) ?? NewRecord();
            try
            {
                var name = pool.Backing.Activate(record);
                if (record.State == PoolState.Ready)
                    Verify(record);
                else
                    Finish(record, name);
            }
            catch when (record.State != PoolState.Ready)
            {
                TryUndo(record);
                throw;
            }
        }
    }

    private PoolRecord NewRecord()
    {
        var record = new PoolRecord
        {
            Prefix = $"layerstore-{Guid.NewGuid():N}"[..23],
            State = PoolState.New,
            FileSystem = DeviceFileSystem.Choose(options),
            BaseSize = options.BaseSize,
        };
        record.Write(layout);
        return record;
    }

    private void Finish(PoolRecord record, string name)
    {
        if (record.State == PoolState.New)
        {
            record = record with { State = PoolState.Claimed };
            record.Write(layout);
        }
        var fileSystem = new DeviceFileSystem(record.FileSystem, options);
        var device = BaseOf(record) with { ReadOnly = false };
        string identity;
        using (devices.Enter(device))
        {
            // An interrupted set-up may have left it active.
            devices.Deactivate(device, deferred: false);
            pool.CreateBase(name);
            try
            {
                identity = MakeFileSystem(fileSystem, devices.Activate(device));
            }
            finally
            {
                devices.Deactivate(device, deferred: false);
            }
            if (pool.Mapper.Find(device.Name) is not null)
                throw PoolErrors.Failed(name, "its base device stays in use");
        }
        (record with { State = PoolState.Ready, BaseIdentity = identity }).Write(layout);
    }

    private static string MakeFileSystem(DeviceFileSystem fileSystem, string path)
    {
        fileSystem.Make(path);
        using var mount = FileSystemMount.MountDetached(fileSystem.Plan(path, committed: false, readOnly: false));
        using var root = DirectoryHandle.Open(mount.ProcPath());
        DeviceFileSystem.Empty(root);
        return fileSystem.IdentityOf(path);
    }

    /// <summary>A pool that was made anew under the old name holds none of our layers.</summary>
    private void Verify(PoolRecord record)
    {
        var device = BaseOf(record);
        using (devices.Enter(device))
        {
            try
            {
                var path = devices.Activate(device);
                if (new DeviceFileSystem(record.FileSystem, options).IdentityOf(path) != record.BaseIdentity)
                    throw PoolErrors.NotOurs(pool.Backing.NameOf(record), "its base device is not the one of this store");
            }
            finally
            {
                devices.Deactivate(device, deferred: false);
            }
        }
    }

    private void TryUndo(PoolRecord record)
    {
        try
        {
            pool.Backing.Undo(PoolRecord.Read(layout) ?? record);
        }
        catch (StoreException)
        {
            // The first failure is the one to be told.
        }
    }

    private ThinDevice BaseOf(PoolRecord record) => new(record.Prefix + "-base", layout.Base, PoolRecord.BaseDevice, record.BaseSize, ReadOnly: true);
}
