using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>What can be asked of a block device.</summary>
internal static unsafe class BlockDevice
{
    // linux/fs.h
    private const uint BLKFLSBUF = 0x1261, BLKDISCARD = 0x1277, BLKGETSIZE64 = 0x80081272;

    /// <summary>The major and minor number of the block device at a path; null where there is none.</summary>
    public static (uint Major, uint Minor)? NumberOf(string path)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
        {
            return Libc.Statx(Libc.AT_FDCWD, name, 0, Libc.STATX_BASIC_STATS, &data) == 0 && data.Type == Libc.S_IFBLK
                ? (data.DeviceMajor, data.DeviceMinor)
                : null;
        }
    }

    /// <summary>True where somebody has it for himself: a mount, swap, LVM or another device on top of it.</summary>
    public static bool IsInUse(string path)
    {
        // O_EXCL without O_CREAT asks that of block devices (open(2)).
        var fd = Libc.Open(path, Libc.O_RDONLY | Libc.O_EXCL | Libc.O_CLOEXEC);
        if (fd >= 0)
            return Libc.Close(fd) != 0;
        return Marshal.GetLastPInvokeError() == Errno.EBUSY ? true : throw LinuxError.Last("open the device", path);
    }

    /// <summary>Its length in bytes.</summary>
    public static long SizeOf(string path)
    {
        using var device = Open(path, Libc.O_RDONLY);
        long size;
        return Libc.Ioctl(device.Descriptor(), BLKGETSIZE64, (nint)(&size)) == 0 ? size : throw LinuxError.Last("query the size of", path);
    }

    /// <summary>Gives all its blocks back; false where the device cannot.</summary>
    public static bool TryDiscard(string path)
    {
        var range = stackalloc long[2] { 0, SizeOf(path) };
        using var device = Open(path, Libc.O_RDWR);
        if (Libc.Ioctl(device.Descriptor(), BLKDISCARD, (nint)range) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP ? false : throw LinuxError.Last("discard the blocks of", path);
    }

    /// <summary>Makes everything written to it durable.</summary>
    public static void Flush(string path)
    {
        using var device = Open(path, Libc.O_RDONLY);
        if (Libc.Fsync(device.Descriptor()) < 0)
            throw LinuxError.Last("flush the device", path);
    }

    /// <summary>Some of its bytes.</summary>
    public static byte[] Read(string path, long offset, int length)
    {
        using var device = Open(path, Libc.O_RDONLY);
        var bytes = new byte[length];
        return RandomAccess.Read(device, bytes, offset) == length ? bytes : throw LinuxError.From(Errno.EIO, "read the device", path);
    }

    /// <summary>Opens a device to read what its owner in the kernel wrote past the page cache.</summary>
    public static SafeFileHandle OpenFresh(string path)
    {
        var device = Open(path, Libc.O_RDONLY);
        if (Libc.Ioctl(device.Descriptor(), BLKFLSBUF, 0) == 0)
            return device;
        var failure = LinuxError.Last("drop the cached blocks of", path);
        device.Dispose();
        throw failure;
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        var fd = Libc.Open(path, flags | Libc.O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open the device", path);
    }
}
