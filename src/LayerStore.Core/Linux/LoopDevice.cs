using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Files as block devices (loop(4)), which stay until they are detached.</summary>
internal static unsafe class LoopDevice
{
    private const uint LOOP_SET_FD = 0x4C00, LOOP_CLR_FD = 0x4C01, LOOP_SET_STATUS64 = 0x4C04, LOOP_GET_STATUS64 = 0x4C05, LOOP_CTL_GET_FREE = 0x4C82;
    /// <summary>The device that gives loop devices out.</summary>
    public const string ControlPath = "/dev/loop-control";
    private const uint Major = 7;

    /// <summary>The device of a file: the one that it has, or a new one.</summary>
    public static string Attach(string file)
    {
        if (Find(file) is { } existing)
            return existing;
        using var backing = Open(file, Libc.O_RDWR);
        while (true)
        {
            var path = Free();
            using var device = Open(path, Libc.O_RDWR);
            if (Libc.Ioctl(device.Descriptor(), LOOP_SET_FD, backing.Descriptor()) == 0)
            {
                SetName(device, file, path);
                return path;
            }
            // Somebody else was quicker.
            if (Marshal.GetLastPInvokeError() != Errno.EBUSY)
                throw LinuxError.Last("attach the loop device", path);
        }
    }

    /// <summary>The device that a file has; null where it has none.</summary>
    public static string? Find(string file)
    {
        if (Identity(file) is not { } wanted)
            return null;
        foreach (var entry in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            if (!Directory.Exists(Path.Combine(entry, "loop")))
                continue; // Free.
            var path = PathOf(uint.Parse(Path.GetFileName(entry).AsSpan("loop".Length), NumberStyles.None, CultureInfo.InvariantCulture));
            using var device = Open(path, Libc.O_RDONLY);
            LoopInfo info;
            if (Libc.Ioctl(device.Descriptor(), LOOP_GET_STATUS64, (nint)(&info)) == 0 && (info.Device, info.Inode) == wanted && info.Offset == 0)
                return path;
        }
        return null;
    }

    /// <summary>Detaches the file's device, where it has one; a device in use goes with its last user.</summary>
    public static void Detach(string file)
    {
        if (Find(file) is not { } path)
            return;
        using var device = Open(path, Libc.O_RDONLY);
        if (Libc.Ioctl(device.Descriptor(), LOOP_CLR_FD, 0) < 0 && Marshal.GetLastPInvokeError() != Errno.ENXIO)
            throw LinuxError.Last("detach the loop device", path);
    }

    private static string Free()
    {
        using var control = Open(ControlPath, Libc.O_RDWR);
        var number = Libc.Ioctl(control.Descriptor(), LOOP_CTL_GET_FREE, 0);
        return number >= 0 ? PathOf((uint)number) : throw LinuxError.Last("find a free loop device by", ControlPath);
    }

    private static string PathOf(uint number) =>
        DeviceNode.EnsureNumbered(string.Create(CultureInfo.InvariantCulture, $"/dev/loop{number}"), Major, number);

    /// <summary>What losetup(8) lists as the file.</summary>
    private static void SetName(SafeFileHandle device, string file, string path)
    {
        LoopInfo info;
        if (Libc.Ioctl(device.Descriptor(), LOOP_GET_STATUS64, (nint)(&info)) < 0)
            throw LinuxError.Last("query the loop device", path);
        var name = Encoding.UTF8.GetBytes(file);
        name.AsSpan(0, Math.Min(name.Length, LoopInfo.NameLength - 1)).CopyTo(new Span<byte>(info.FileName, LoopInfo.NameLength));
        if (Libc.Ioctl(device.Descriptor(), LOOP_SET_STATUS64, (nint)(&info)) < 0)
            throw LinuxError.Last("name the loop device", path);
    }

    private static (ulong Device, ulong Inode)? Identity(string file)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(file))
        {
            if (Libc.Statx(Libc.AT_FDCWD, name, 0, Libc.STATX_BASIC_STATS, &data) < 0)
                return null;
        }
        // The kernel's huge_encode_dev.
        var device = (data.FileSystemMinor & 0xFF) | (data.FileSystemMajor << 8) | ((data.FileSystemMinor & ~0xFFu) << 12);
        return (device, data.Inode);
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        var fd = Libc.Open(path, flags | Libc.O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open", path);
    }

    /// <summary>struct loop_info64.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 232)]
    private struct LoopInfo
    {
        public const int NameLength = 64;

        public ulong Device, Inode, RealDevice, Offset, SizeLimit;
        public uint Number, EncryptType, EncryptKeySize, Flags;
        public fixed byte FileName[NameLength];
    }
}
