using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// A device's file system as the driver itself looks at it: mounted nowhere, and gone with the process. The device goes with its last view, unless the store has it attached.
/// </summary>
internal sealed class DeviceView : IDisposable
{
    private readonly ThinDevices _devices;
    private readonly ThinDevice _device;
    private readonly SafeFileHandle _mount;
    private readonly Lock _flushing = new();
    private bool _disposed;

    /// <summary>Activates and mounts.</summary>
    /// <param name="devices">How devices are activated.</param>
    /// <param name="device">The device.</param>
    /// <param name="fileSystem">What is on it.</param>
    /// <param name="writable">Whether this view writes.</param>
    public DeviceView(ThinDevices devices, ThinDevice device, DeviceFileSystem fileSystem, bool writable)
    {
        (_devices, _device) = (devices, device);
        using (devices.Enter(device))
        {
            var path = devices.Activate(device);
            try
            {
                _mount = FileSystemMount.MountDetached(fileSystem.Plan(path, device.ReadOnly, readOnly: !writable));
                if (!device.ReadOnly)
                    devices.Mounted(device, fileSystem);
            }
            catch
            {
                Release();
                throw;
            }
        }
        Root = DirectoryHandle.Open(_mount.ProcPath());
    }

    /// <summary>The root directory.</summary>
    public SafeFileHandle Root { get; }

    /// <summary>Its path, for this process.</summary>
    public string RootPath => Root.ProcPath();

    /// <summary>Makes durable what was written, and says what of it could not be. Another thread may do it at any time.</summary>
    public void Flush()
    {
        lock (_flushing)
        {
            if (!_disposed && Libc.Syncfs(Root.Descriptor()) < 0)
                throw LinuxError.Last("write out the file system of", _device.Name);
        }
    }

    public void Dispose()
    {
        // What still flushes keeps the device busy.
        lock (_flushing)
        {
            _disposed = true;
            Root.Dispose();
            _mount.Dispose();
        }
        using (_devices.Enter(_device))
            Release();
    }

    private void Release()
    {
        if (!File.Exists(_device.Attached))
            _devices.Deactivate(_device, deferred: true);
    }
}
