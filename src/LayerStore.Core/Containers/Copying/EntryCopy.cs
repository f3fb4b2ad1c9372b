using System.Runtime.InteropServices;
using System.Text;
using LayerStore.Archives;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Containers.Copying;

/// <summary>
/// Copies one file, link, pipe or device under a temporary name and renames it, so that nobody ever sees half of it. Every step goes by a handle and one component, and what may be swapped between two
/// steps by somebody in the container is opened as a place first and looked at: no link is followed and no device opened.
/// </summary>
internal sealed unsafe class EntryCopy(CopyRules rules)
{
    private CopyMethod _method;

    /// <summary>Copies an entry that is no directory; what has the name so far is replaced, but a directory.</summary>
    /// <returns>Bytes of its contents.</returns>
    public long Copy(SafeFileHandle from, byte[] name, in StatxData data, OverrideStat source, SafeFileHandle to, byte[] newName, string display)
    {
        var bytes = 0L;
        var (mode, isLink) = (source.Type | 0x180, data.IsSymlink);
        var device = Libc.MakeDevice(source.DeviceMajor, source.DeviceMinor);
        var times = (data.AccessTime, data.ModificationTime);
        Place(to, newName, display, temporary =>
        {
            if (source.Type == Libc.S_IFREG)
            {
                bytes = CopyFile(from, name, source, to, temporary, display);
                return;
            }
            fixed (byte* path = temporary, target = isLink ? FileName.Terminated(SymbolicLink.Read(from.Descriptor(), FileName.Terminated(name))) : [0])
            {
                if ((isLink ? Libc.SymlinkAt(target, to.Descriptor(), path) : Libc.MknodAt(to.Descriptor(), path, mode, device)) < 0)
                    throw LinuxError.Last("make the link, pipe or device", display);
            }
            GiveAttributes(from, name, source, to, temporary, times, display);
        });
        return bytes;
    }

    /// <summary>Makes a hard link, in the place of what has the name.</summary>
    public static void Link(SafeFileHandle from, byte[] name, SafeFileHandle to, byte[] newName, string display) => Place(to, newName, display, temporary =>
    {
        fixed (byte* old = FileName.Terminated(name), path = temporary)
        {
            if (Libc.LinkAt(from.Descriptor(), old, to.Descriptor(), path, 0) < 0)
                throw LinuxError.Last("create the hard link", display);
        }
    });

    private static void Place(SafeFileHandle to, byte[] newName, string display, Action<byte[]> make)
    {
        var temporary = Encoding.ASCII.GetBytes($".layerstore-{Guid.NewGuid():N}\0");
        fixed (byte* old = temporary, @new = FileName.Terminated(newName))
        {
            try
            {
                make(temporary);
                if (Libc.RenameAt(to.Descriptor(), old, to.Descriptor(), @new) < 0)
                    throw Marshal.GetLastPInvokeError() == Errno.EISDIR ? CopyErrors.TargetIsDirectory(display) : LinuxError.Last("create", display);
            }
            finally
            {
                // After success as well: two names of one file stay both when one is renamed to the other.
                _ = Libc.UnlinkAt(to.Descriptor(), old, 0);
            }
        }
    }

    private long CopyFile(SafeFileHandle from, byte[] name, OverrideStat source, SafeFileHandle to, byte[] temporary, string display)
    {
        using var place = OpenPlace(from, FileName.Terminated(name), display, out var data);
        if (!data.IsRegular)
            throw CopyErrors.Vanished(display);
        using var reading = Reopen(place, display);
        int fd;
        fixed (byte* path = temporary)
            fd = Libc.OpenAt(to.Descriptor(), path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        if (fd < 0)
            throw LinuxError.Last("create", display);
        using var writing = new SafeFileHandle(fd, ownsHandle: true);
        FileContents.Copy(reading.Descriptor(), fd, (long)data.Size, data.Blocks * 512 < data.Size, ref _method);
        var copy = rules.CopyOf(source);
        // The owner first: changing it takes set-user-id bits and capabilities away.
        if (rules.SetsOwner && Libc.Fchown(fd, copy.Uid, copy.Gid) < 0)
            throw LinuxError.Last("set the owner of", display);
        if (Libc.Fchmod(fd, rules.DiskMode(copy)) < 0)
            throw LinuxError.Last("set the mode of", display);
        if (!ExtendedAttributes.HasNone(reading.Descriptor()))
            rules.CopyAttributes(DirectoryHandle.EntryPath(from.Descriptor(), FileName.Terminated(name)), DirectoryHandle.EntryPath(to.Descriptor(), temporary));
        if (rules.RecordsOverrides && copy.Write(fd) < 0)
            throw LinuxError.Last("record the owner of", display);
        NodeCopy.SetTimes(fd, data);
        return (long)data.Size;
    }

    private void GiveAttributes(
        SafeFileHandle from, byte[] name, OverrideStat source, SafeFileHandle to, byte[] temporary, (StatxTimestamp Access, StatxTimestamp Modification) times, string display)
    {
        var copy = rules.CopyOf(source);
        fixed (byte* path = temporary)
        {
            if (rules.SetsOwner && Libc.FchownAt(to.Descriptor(), path, copy.Uid, copy.Gid, Libc.AT_SYMLINK_NOFOLLOW) < 0)
                throw LinuxError.Last("set the owner of", display);
            if (source.Type != Libc.S_IFLNK)
            {
                // chmod(2) follows links; the handle is of what was just made, or of what stands in its place now.
                using var place = OpenPlace(to, temporary, display, out var made);
                if (made.Type != source.Type)
                    throw CopyErrors.Vanished(display);
                fixed (byte* magic = MagicPath(place))
                {
                    if (Libc.FchmodAt(Libc.AT_FDCWD, magic, rules.DiskMode(copy), 0) < 0)
                        throw LinuxError.Last("set the mode of", display);
                }
            }
            rules.CopyAttributes(DirectoryHandle.EntryPath(from.Descriptor(), FileName.Terminated(name)), DirectoryHandle.EntryPath(to.Descriptor(), temporary));
            var set = stackalloc TimeSpec[2];
            set[0] = new TimeSpec(times.Access.Seconds, times.Access.Nanoseconds);
            set[1] = new TimeSpec(times.Modification.Seconds, times.Modification.Nanoseconds);
            if (Libc.UtimensAt(to.Descriptor(), path, set, Libc.AT_SYMLINK_NOFOLLOW) < 0)
                throw LinuxError.Last("set the times of", display);
        }
    }

    private static SafeFileHandle OpenPlace(SafeFileHandle directory, ReadOnlySpan<byte> terminatedName, string display, out StatxData data)
    {
        fixed (byte* path = terminatedName, empty = "\0"u8)
        fixed (StatxData* result = &data)
        {
            var fd = Libc.OpenAt(directory.Descriptor(), path, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            if (fd < 0)
                throw Marshal.GetLastPInvokeError() == Errno.ENOENT ? CopyErrors.Vanished(display) : LinuxError.Last("open", display);
            var place = new SafeFileHandle(fd, ownsHandle: true);
            if (Libc.Statx(fd, empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, result) == 0)
                return place;
            var failure = LinuxError.Last("look at", display);
            place.Dispose();
            throw failure;
        }
    }

    private static SafeFileHandle Reopen(SafeFileHandle place, string display)
    {
        fixed (byte* path = MagicPath(place))
        {
            var fd = Libc.OpenAt(Libc.AT_FDCWD, path, Libc.O_RDONLY | Libc.O_CLOEXEC);
            return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open", display);
        }
    }

    private static byte[] MagicPath(SafeFileHandle handle) => Encoding.ASCII.GetBytes(FormattableString.Invariant($"/proc/self/fd/{handle.Descriptor()}\0"));
}
