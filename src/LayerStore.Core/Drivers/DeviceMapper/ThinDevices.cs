using System.Diagnostics;
using System.Globalization;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// Activates and deactivates devices. Everything is done under the device's lock; whether a device is active is asked of the kernel, never remembered.
/// </summary>
internal sealed class ThinDevices(IDeviceMapper mapper, ThinPool pool)
{
    // A process that is being started holds every open file for an instant, and a scanner may look at a new device.
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(5);

    /// <summary>The device's lock, with the pool up: whoever holds the pool's lock may want a device's, and not the other way round.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerNotFound"/> where the layer was removed meanwhile.</exception>
    public SafeFileHandle Enter(ThinDevice device)
    {
        pool.EnsureActive();
        try
        {
            return LockFile.Enter(device.Lock, $"the device '{device.Name}'");
        }
        catch (StoreException e) when (!Directory.Exists(device.Directory))
        {
            throw new StoreException(
                ErrorIds.LayerNotFound, StoreErrorKind.NotFound, device.Name, $"The layer of the device '{device.Name}' was removed meanwhile.",
                "List what there is again; another command removed it.", e);
        }
    }

    /// <summary>Makes the device usable at its path. Called with its lock held; again is no error.</summary>
    /// <returns>The path.</returns>
    public string Activate(ThinDevice device)
    {
        var name = pool.EnsureActive();
        for (var since = Stopwatch.StartNew(); ; Thread.Sleep(1))
        {
            if (mapper.Find(device.Name) is not { } active)
                active = Create(device, name);
            else if (active.RemovalPending && !mapper.CancelRemoval(device.Name) && since.Elapsed < BusyWait)
                continue; // It is just going.
            DeviceNode.Ensure(device.Name, active);
            return DeviceNode.PathOf(device.Name);
        }
    }

    /// <summary>Takes the device down. Called with its lock held; again is no error.</summary>
    /// <param name="device">The device.</param>
    /// <param name="deferred">Whether a device in use goes with its last user; otherwise it is waited for.</param>
    /// <returns>Whether it is gone, or will be.</returns>
    public bool Deactivate(ThinDevice device, bool deferred)
    {
        DeviceNode.Remove(device.Name);
        if (BusyRetry.Run(() => mapper.Remove(device.Name, deferred), MapperRemoval.Busy, BusyWait) != MapperRemoval.Busy)
            return true;
        if (mapper.Find(device.Name) is { } active)
            DeviceNode.Ensure(device.Name, active);
        return false;
    }

    /// <summary>Sets what can be set only of a mounted file system.</summary>
    public void Mounted(ThinDevice device, DeviceFileSystem fileSystem)
    {
        if (mapper.Find(device.Name) is { } active)
            fileSystem.Mounted(active);
    }

    /// <summary>Makes an active device as long as its record says.</summary>
    public void Resize(ThinDevice device)
    {
        if (mapper.Find(device.Name) is not null)
            mapper.Reload(device.Name, Table(device, pool.EnsureActive()), device.ReadOnly);
    }

    private MappedDevice Create(ThinDevice device, string poolName)
    {
        try
        {
            return mapper.Create(device.Name, "LAYERSTORE-" + device.Name, Table(device, poolName), device.ReadOnly);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.InputOutputError)
        {
            ThinPool.RefuseFailed(poolName, pool.StatusOf(poolName));
            throw PoolErrors.DeviceMissing(device.Name, device.Number, e);
        }
    }

    private MapperTable Table(ThinDevice device, string poolName)
    {
        var number = mapper.Find(poolName) is { } active
            ? string.Create(CultureInfo.InvariantCulture, $"{active.Major}:{active.Minor}")
            : throw PoolErrors.Failed(poolName, "it is not active any more");
        return new MapperTable(device.Size / 512, "thin", $"{number} {device.Number}");
    }
}
