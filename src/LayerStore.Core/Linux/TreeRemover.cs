using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// Deletes trees by directory handles: symbolic links are removed and never followed, mounts are never entered, directories without
/// permissions and immutable files are no obstacle, and depth costs neither stack nor file descriptors.
/// </summary>
internal static unsafe class TreeRemover
{
    // Deeper directories are first moved to the top of the tree: recursion and open handles stay bounded.
    private const int MaxDepth = 100;

    /// <summary>Removes the file or the whole tree at <paramref name="path"/>; where nothing is, that is no error.</summary>
    public static void Remove(string path)
    {
        var parentPath = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parentPath))
            return;
        using var parent = DirectoryHandle.Open(parentPath);
        Remove(parent.Descriptor(), FileName.Terminated(Path.GetFileName(path)));
    }

    /// <summary>Removes one entry of an open directory; the name ends with NUL.</summary>
    public static void Remove(int parent, byte[] terminatedName)
    {
        if (TryUnlink(parent, terminatedName, out var isDirectory) || !isDirectory)
            return;
        using var top = OpenDirectory(parent, terminatedName);
        if (top is not null)
        {
            var moved = 0;
            Empty(top.Descriptor(), top.Descriptor(), 0, ref moved);
        }
        RemoveEmptied(parent, terminatedName);
    }

    /// <summary>Removes everything below an open directory.</summary>
    public static void Empty(SafeFileHandle directory)
    {
        var moved = 0;
        Empty(directory.Descriptor(), directory.Descriptor(), 0, ref moved);
    }

    private static void Empty(int directory, int top, int depth, ref int moved)
    {
        // Some file systems skip names while names are removed: read until nothing is left.
        bool any;
        do
        {
            any = false;
            if (Libc.Lseek(directory, 0, Libc.SEEK_SET) < 0)
                throw LinuxError.Last("rewind the directory", DirectoryHandle.Describe(directory));
            using var reader = new DirectoryReader(directory);
            while (reader.Next())
            {
                any = true;
                var name = FileName.Terminated(reader.Name);
                var mayBeFile = reader.Kind is not Libc.DT_DIR;
                if (mayBeFile && (TryUnlink(directory, name, out var isDirectory) || !isDirectory))
                    continue;
                if (depth >= MaxDepth && MoveToTop(directory, name, top, ref moved))
                    continue;
                using (var child = OpenDirectory(directory, name))
                {
                    if (child is not null)
                        Empty(child.Descriptor(), top, depth + 1, ref moved);
                }
                RemoveEmptied(directory, name);
            }
        }
        while (any);
    }

    private static bool MoveToTop(int directory, byte[] name, int top, ref int moved)
    {
        while (true)
        {
            var target = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".layerstore-deep-{moved++}\0"));
            fixed (byte* from = name, to = target)
            {
                if (Libc.RenameAt(directory, from, top, to) == 0)
                    return true;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.ENOENT:
                    return true;
                case Errno.EEXIST or Errno.ENOTEMPTY or Errno.ENOTDIR:
                    continue;
                default:
                    return false; // Recursion still works, only with more handles.
            }
        }
    }

    /// <summary>Opens a directory to be emptied; null where it is gone.</summary>
    private static SafeFileHandle? OpenDirectory(int parent, byte[] name)
    {
        var handle = SafeOpen.Directory(parent, name);
        if (handle is null && Marshal.GetLastPInvokeError() == Errno.EACCES)
        {
            fixed (byte* path = name)
                _ = Libc.FchmodAt(parent, path, 0x1C0, 0); // 0700; a symbolic link cannot be meant: a directory was seen here.
            handle = SafeOpen.Directory(parent, name);
        }
        if (handle is null)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                Errno.ENOENT => null,
                Errno.EXDEV => throw new StoreException(
                    ErrorIds.MountBusy, StoreErrorKind.InUse, Describe(parent, name),
                    $"Something is mounted at '{Describe(parent, name)}', inside a tree that is to be removed.",
                    "Unmount it (umount), then remove again."),
                _ => throw LinuxError.Last("open the directory", Describe(parent, name)),
            };
        }

        // An ordinary user empties only what he may write; root need not care.
        if (Libc.Geteuid() != 0)
            _ = Libc.Fchmod(handle.Descriptor(), 0x1C0);
        return handle;
    }

    private static bool TryUnlink(int directory, byte[] name, out bool isDirectory)
    {
        isDirectory = false;
        for (var attempt = 0; ; attempt++)
        {
            fixed (byte* path = name)
            {
                if (Libc.UnlinkAt(directory, path, 0) == 0)
                    return true;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.ENOENT:
                    return true;
                case Errno.EISDIR:
                    isDirectory = true;
                    return false;
                case Errno.EPERM or Errno.EACCES when attempt == 0:
                    // EPERM is also what unlink(2) of a directory may give.
                    if (IsDirectory(directory, name))
                    {
                        isDirectory = true;
                        return false;
                    }
                    Unprotect(directory, name);
                    continue;
                default:
                    throw LinuxError.Last("remove", Describe(directory, name));
            }
        }
    }

    private static void RemoveEmptied(int directory, byte[] name)
    {
        for (var attempt = 0; ; attempt++)
        {
            fixed (byte* path = name)
            {
                if (Libc.UnlinkAt(directory, path, Libc.AT_REMOVEDIR) == 0)
                    return;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.ENOENT:
                    return;
                case Errno.ENOTEMPTY or Errno.EEXIST when attempt < 3:
                    // Somebody still writes, or removes the same tree at the same time.
                    using (var again = OpenDirectory(directory, name))
                    {
                        if (again is not null)
                            Empty(again);
                    }
                    continue;
                case Errno.EPERM or Errno.EACCES when attempt == 0:
                    Unprotect(directory, name);
                    continue;
                default:
                    throw LinuxError.Last("remove the directory", Describe(directory, name));
            }
        }
    }

    private static bool IsDirectory(int directory, byte[] name)
    {
        StatxData data;
        fixed (byte* path = name)
            return Libc.Statx(directory, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE, &data) == 0 && data.IsDirectory;
    }

    /// <summary>Takes the immutable and append-only flags (chattr) from an entry and its directory, and lets the owner write.</summary>
    private static void Unprotect(int directory, byte[] name)
    {
        ClearFlags(directory);
        if (Libc.Geteuid() != 0)
            _ = Libc.Fchmod(directory, 0x1C0);
        fixed (byte* path = name)
        {
            // Opening a device or a pipe may do more than open it.
            StatxData data;
            if (Libc.Statx(directory, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_TYPE, &data) < 0 || !(data.IsDirectory || data.IsRegular))
                return;
            var fd = Libc.OpenAt(directory, path, Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
            if (fd < 0)
                return;
            using var entry = new SafeFileHandle(fd, ownsHandle: true);
            ClearFlags(fd);
        }
    }

    private static void ClearFlags(int fd)
    {
        long flags = 0;
        if (Libc.Ioctl(fd, Libc.FS_IOC_GETFLAGS, (nint)(&flags)) < 0 || (flags & (Libc.FS_IMMUTABLE_FL | Libc.FS_APPEND_FL)) == 0)
            return;
        flags &= ~(Libc.FS_IMMUTABLE_FL | Libc.FS_APPEND_FL);
        _ = Libc.Ioctl(fd, Libc.FS_IOC_SETFLAGS, (nint)(&flags));
    }

    private static string Describe(int directory, byte[] name) => $"{DirectoryHandle.Describe(directory)}/{Printable.Escape(name.AsSpan()[..^1])}";
}
