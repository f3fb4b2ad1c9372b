using System.Globalization;
using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>
/// The names under which mapped devices are found, made at once and without udev: <c>/dev/mapper/NAME</c> leads to the kernel's own node, or is one where
/// <c>/dev</c> is no devtmpfs, as in a container.
/// </summary>
internal static class DeviceNode
{
    private const string Mapper = "/dev/mapper";

    /// <summary>The path of a device.</summary>
    public static string PathOf(string name) => Path.Combine(Mapper, name);

    /// <summary>Makes the name lead to the device, whatever it led to before.</summary>
    public static void Ensure(string name, MappedDevice device)
    {
        var path = PathOf(name);
        if (LeadsTo(path, device.Major, device.Minor))
            return;
        var kernel = string.Create(CultureInfo.InvariantCulture, $"dm-{device.Minor}");
        var temporary = Path.Combine(Mapper, $".layerstore-{Guid.NewGuid():N}");
        if (LeadsTo($"/dev/{kernel}", device.Major, device.Minor))
            File.CreateSymbolicLink(temporary, $"../{kernel}");
        else if (Libc.MknodAt(Libc.AT_FDCWD, temporary, Libc.S_IFBLK | 0x180, Libc.MakeDevice(device.Major, device.Minor)) < 0)
            throw LinuxError.Last("create the device node", path);
        if (Libc.Rename(temporary, path) < 0)
        {
            var failure = LinuxError.Last("create the device node", path);
            Remove(Path.GetFileName(temporary));
            throw failure;
        }
    }

    /// <summary>Takes the name away.</summary>
    public static void Remove(string name) => _ = Libc.UnlinkAt(Libc.AT_FDCWD, PathOf(name), 0);

    /// <summary>Makes the node of a device that the kernel numbers, where nobody has made it.</summary>
    public static string EnsureNumbered(string path, uint major, uint minor)
    {
        if (!File.Exists(path) && Libc.MknodAt(Libc.AT_FDCWD, path, Libc.S_IFBLK | 0x180, Libc.MakeDevice(major, minor)) < 0
            && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            throw LinuxError.Last("create the device node", path);
        return path;
    }

    private static unsafe bool LeadsTo(string path, uint major, uint minor)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
        {
            return Libc.Statx(Libc.AT_FDCWD, name, 0, Libc.STATX_BASIC_STATS, &data) == 0 && data.Type == Libc.S_IFBLK
                && data.DeviceMajor == major && data.DeviceMinor == minor;
        }
    }
}
