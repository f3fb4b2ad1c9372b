using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// Copies one file, symbolic link, device, pipe or socket with its owner, mode, extended attributes and times. What only root may do (owners, devices)
/// an ordinary user leaves out; <c>user.containers.override_stat</c>, which says what should be, is copied like every attribute.
/// </summary>
internal static unsafe class NodeCopy
{
    private const uint PermissionBits = 0xFFF;

    private static readonly bool s_root = Libc.Geteuid() == 0;

    /// <summary>Copies an entry that is no directory.</summary>
    /// <param name="source">The open directory that has it.</param>
    /// <param name="name">Its name, ending with NUL.</param>
    /// <param name="data">What statx(2) says of it.</param>
    /// <param name="target">The open directory that gets it.</param>
    /// <param name="targetName">Its name there, ending with NUL; nothing has it yet.</param>
    /// <param name="method">See <see cref="FileContents"/>.</param>
    /// <param name="rename">See <see cref="ExtendedAttributes.Copy"/>.</param>
    public static void Copy(
        int source, ReadOnlySpan<byte> name, in StatxData data, int target, ReadOnlySpan<byte> targetName, ref CopyMethod method,
        Func<byte[], byte[]?>? rename = null)
    {
        if (data.IsRegular)
            CopyFile(source, name, data, target, targetName, ref method, rename);
        else
        {
            if (data.IsSymlink)
                CopySymlink(source, name, target, targetName);
            else
                MakeSpecial(name, data, target, targetName);
            CopyAttributes(source, name, data, target, targetName, rename);
        }
    }

    /// <summary>Gives an entry of any kind the owner, mode, attributes and times of another one.</summary>
    public static void CopyAttributes(
        int source, ReadOnlySpan<byte> name, in StatxData data, int target, ReadOnlySpan<byte> targetName, Func<byte[], byte[]?>? rename)
    {
        fixed (byte* to = targetName)
        {
            if (Libc.FchownAt(target, to, data.Uid, data.Gid, Libc.AT_SYMLINK_NOFOLLOW) < 0 && s_root)
                throw LinuxError.Last("set the owner of", Printable.Escape(targetName[..^1]));
            if (!data.IsSymlink && Libc.FchmodAt(target, to, data.Mode & PermissionBits, 0) < 0)
                throw LinuxError.Last("set the mode of", Printable.Escape(targetName[..^1]));
            ExtendedAttributes.Copy(DirectoryHandle.EntryPath(source, name), DirectoryHandle.EntryPath(target, targetName), rename);
            var times = stackalloc TimeSpec[2];
            Times(data, times);
            if (Libc.UtimensAt(target, to, times, Libc.AT_SYMLINK_NOFOLLOW) < 0)
                throw LinuxError.Last("set the times of", Printable.Escape(targetName[..^1]));
        }
    }

    /// <summary>As <see cref="CopyAttributes"/>, for two open directories.</summary>
    public static void CopyDirectoryAttributes(int source, in StatxData data, int target, Func<byte[], byte[]?>? rename = null)
    {
        if (Libc.Fchown(target, data.Uid, data.Gid) < 0 && s_root)
            throw LinuxError.Last("set the owner of", DirectoryHandle.Describe(target));
        if (!ExtendedAttributes.HasNone(source))
            ExtendedAttributes.Copy(DirectoryHandle.EntryPath(source, ".\0"u8), DirectoryHandle.EntryPath(target, ".\0"u8), rename);
        if (Libc.Fchmod(target, data.Mode & PermissionBits) < 0)
            throw LinuxError.Last("set the mode of", DirectoryHandle.Describe(target));
        SetTimes(target, data);
    }

    /// <summary>Gives an open file or directory the times of <paramref name="data"/>, to the nanosecond.</summary>
    public static void SetTimes(int target, in StatxData data)
    {
        var times = stackalloc TimeSpec[2];
        Times(data, times);
        if (Libc.Futimens(target, times) < 0)
            throw LinuxError.Last("set the times of", DirectoryHandle.Describe(target));
    }

    private static void CopyFile(
        int source, ReadOnlySpan<byte> name, in StatxData data, int target, ReadOnlySpan<byte> targetName, ref CopyMethod method,
        Func<byte[], byte[]?>? rename)
    {
        using var from = OpenSource(source, name, data);
        int fd;
        fixed (byte* to = targetName)
            fd = Libc.OpenAt(target, to, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, FirstMode(data));
        if (fd < 0)
            throw LinuxError.Last("create", $"{DirectoryHandle.Describe(target)}/{Printable.Escape(targetName[..^1])}");
        using var into = new SafeFileHandle(fd, ownsHandle: true);
        FileContents.Copy(from.Descriptor(), fd, (long)data.Size, data.Blocks * 512 < data.Size, ref method);
        SetOwnerAndMode(fd, data);
        if (!ExtendedAttributes.HasNone(from.Descriptor()))
            ExtendedAttributes.Copy(DirectoryHandle.EntryPath(source, name), DirectoryHandle.EntryPath(target, targetName), rename);
        SetTimes(fd, data);
    }

    /// <summary>The mode to make a file with: at once what it will have, unless that would open it to the user's own group before it belongs to another one.</summary>
    private static uint FirstMode(in StatxData data) => data.Uid == Libc.Geteuid() && data.Gid == Libc.Getegid() ? data.Mode & 0x1FFu : 0x180;

    /// <summary>Changes only what is not so yet: looking costs a third of what a change does that changes nothing.</summary>
    private static void SetOwnerAndMode(int file, in StatxData wanted)
    {
        StatxData made;
        byte none = 0;
        if (Libc.Statx(file, &none, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &made) < 0)
            throw LinuxError.Last("look at", DirectoryHandle.Describe(file));
        // The owner first: changing it takes set-user-id bits and capabilities away.
        if ((made.Uid != wanted.Uid || made.Gid != wanted.Gid) && Libc.Fchown(file, wanted.Uid, wanted.Gid) < 0 && s_root)
            throw LinuxError.Last("set the owner of", DirectoryHandle.Describe(file));
        if ((made.Mode & PermissionBits) != (wanted.Mode & PermissionBits) && Libc.Fchmod(file, wanted.Mode & PermissionBits) < 0)
            throw LinuxError.Last("set the mode of", DirectoryHandle.Describe(file));
    }

    private static SafeFileHandle OpenSource(int source, ReadOnlySpan<byte> name, in StatxData data)
    {
        fixed (byte* path = name)
        {
            const int Flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
            var fd = Libc.OpenAt(source, path, Flags | Libc.O_NOFOLLOW);
            if (fd < 0 && !s_root && Marshal.GetLastPInvokeError() == Errno.EACCES && data.Uid == Libc.Geteuid())
            {
                // The owner of a file without read permission may give it to himself for a moment.
                _ = Libc.FchmodAt(source, path, (data.Mode & PermissionBits) | 0x100, 0);
                fd = Libc.OpenAt(source, path, Flags | Libc.O_NOFOLLOW);
                var error = Marshal.GetLastPInvokeError();
                _ = Libc.FchmodAt(source, path, data.Mode & PermissionBits, 0);
                Marshal.SetLastPInvokeError(error);
            }
            return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open", $"{DirectoryHandle.Describe(source)}/{Printable.Escape(name[..^1])}");
        }
    }

    private static void CopySymlink(int source, ReadOnlySpan<byte> name, int target, ReadOnlySpan<byte> targetName)
    {
        var link = SymbolicLink.Read(source, name);
        fixed (byte* text = FileName.Terminated(link), to = targetName)
        {
            if (Libc.SymlinkAt(text, target, to) < 0)
                throw LinuxError.Last("create the symbolic link", $"{DirectoryHandle.Describe(target)}/{Printable.Escape(targetName[..^1])}");
        }
    }

    private static void MakeSpecial(ReadOnlySpan<byte> name, in StatxData data, int target, ReadOnlySpan<byte> targetName)
    {
        fixed (byte* to = targetName)
        {
            if (Libc.MknodAt(target, to, data.Type | 0x180, Libc.MakeDevice(data.DeviceMajor, data.DeviceMinor)) < 0)
                throw LinuxError.Last("create the device, pipe or socket", $"{DirectoryHandle.Describe(target)}/{Printable.Escape(name[..^1])}");
        }
    }

    private static void Times(in StatxData data, TimeSpec* times)
    {
        times[0] = new TimeSpec(data.AccessTime.Seconds, data.AccessTime.Nanoseconds);
        times[1] = new TimeSpec(data.ModificationTime.Seconds, data.ModificationTime.Nanoseconds);
    }
}
