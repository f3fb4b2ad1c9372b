using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// How layers go: the device is taken down, the layer's directory moves out of sight, the device's blocks are given back, the pool deletes the device, and only then
/// its record goes. Numbers of devices are not given twice, so that every step may be done again.
/// </summary>
internal sealed class DeviceRemoval(DeviceMapperLayout layout, DeviceMapperOptions options, ThinPool pool, ThinDevices devices, PoolRecord poolRecord)
{
    /// <summary>Removes a layer; one that is not there is no error.</summary>
    public void Remove(LayerId id)
    {
        var directory = layout.Layer(id);
        if (Directory.Exists(directory) && MoveAside(id, directory))
            return; // Later.
        try
        {
            Finish(id, wait: true);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.LayerNotFound)
        {
            // Another opener found it here and was quicker.
        }
    }

    /// <summary>Finishes what crashed or deferred removals left, as far as nobody is at it.</summary>
    public void FinishAll()
    {
        foreach (var directory in Directory.EnumerateDirectories(layout.Removing))
        {
            if (!LayerId.TryParse(Path.GetFileName(directory), out var id))
                continue;
            try
            {
                Finish(id, wait: false);
            }
            catch (StoreException)
            {
                // The pool is full of trouble or the device still in use: the next opener tries again, and this one may work on.
            }
        }
    }

    /// <summary>The error of a device that somebody has open.</summary>
    public static StoreException Busy(LayerId id, ThinDevice device) => new(
        ErrorIds.MountBusy, StoreErrorKind.InUse, id.Value,
        $"The device of the layer {id.Value[..12]} ('{DeviceNode.PathOf(device.Name)}') is in use: it is mounted, perhaps in another mount namespace.",
        "Unmount it ('grep DEVICE /proc/*/mounts' shows where), then try again.");

    /// <summary>Moves the layer's directory out of sight; true where the device is in use and its removal is put off.</summary>
    private bool MoveAside(LayerId id, string directory)
    {
        var device = DeviceRecord.Read(directory) is { } record ? ThinDeviceOf(id, directory, record) : null;
        var later = false;
        if (device is not null)
        {
            using (devices.Enter(device))
            {
                later = !devices.Deactivate(device, deferred: false);
                if (later && !options.DeferredDeletion)
                    throw Busy(id, device);
                Rename(directory, layout.Aside(id));
            }
        }
        else
            Rename(directory, layout.Aside(id));
        return later;
    }

    private void Finish(LayerId id, bool wait)
    {
        var aside = layout.Aside(id);
        if (!Directory.Exists(aside))
            return;
        if (DeviceRecord.Read(aside) is { } record)
        {
            var device = ThinDeviceOf(id, aside, record) with { ReadOnly = false };
            using var held = wait ? devices.Enter(device) : LockFile.TryEnter(device.Lock);
            if (held is null)
                return;
            if (!devices.Deactivate(device, deferred: false))
                throw Busy(id, device);
            if (options.Discard ?? pool.Backing.DiscardsByDefault)
                Discard(device);
            pool.Delete(device.Number);
        }
        TreeRemover.Remove(aside);
    }

    private void Discard(ThinDevice device)
    {
        try
        {
            var path = devices.Activate(device);
            BlockDevice.TryDiscard(path);
        }
        catch (StoreException e) when (e.ErrorId is ErrorIds.LayerNotFound or ErrorIds.InputOutputError or ErrorIds.DevicePoolFailed)
        {
            // Only a courtesy to what is below; an earlier try may have deleted the device already.
        }
        finally
        {
            devices.Deactivate(device, deferred: false);
        }
    }

    private ThinDevice ThinDeviceOf(LayerId id, string directory, DeviceRecord record) =>
        new($"{poolRecord.Prefix}-{id.Value}", directory, record.Device, record.Size, record.State == DeviceState.Committed);

    private static void Rename(string from, string to)
    {
        if (Libc.Rename(from, to) == 0)
            return;
        var error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        if (error != Errno.ENOENT) // Somebody else was quicker.
            throw LinuxError.From(error, "remove the layer", from);
    }
}
