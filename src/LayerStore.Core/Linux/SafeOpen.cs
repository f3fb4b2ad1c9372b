using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// Opens directories and files below a handle without ever following a symbolic link or leaving the mount, also while a container
/// changes the tree: openat2(2), and component by component where the kernel or a sandbox lacks it.
/// </summary>
internal static unsafe class SafeOpen
{
    private const ulong Resolve = Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS | Libc.RESOLVE_NO_XDEV | Libc.RESOLVE_NO_MAGICLINKS;

    private static volatile bool s_missing;

    /// <summary>Opens the directory at a relative path that ends with NUL; an empty path is <paramref name="root"/> itself.</summary>
    /// <returns>The handle; null with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    public static SafeFileHandle? Directory(int root, ReadOnlySpan<byte> terminatedPath, int flags = Libc.O_RDONLY) =>
        Open(root, terminatedPath is [0] ? ".\0"u8 : terminatedPath, flags | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);

    /// <summary>Opens the file at a relative path that ends with NUL for reading; a pipe without a writer is not waited for.</summary>
    /// <returns>The handle; null with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    public static SafeFileHandle? File(int root, ReadOnlySpan<byte> terminatedPath) =>
        Open(root, terminatedPath, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);

    private static SafeFileHandle? Open(int root, ReadOnlySpan<byte> path, int flags)
    {
        if (!s_missing)
        {
            var fd = OpenAt2(root, path, flags);
            if (fd >= 0)
                return new SafeFileHandle(fd, ownsHandle: true);
            if (Marshal.GetLastPInvokeError() is not (Errno.ENOSYS or Errno.EPERM))
                return null;
            s_missing = true;
        }
        return Walk(root, path, flags);
    }

    private static int OpenAt2(int root, ReadOnlySpan<byte> path, int flags)
    {
        fixed (byte* name = path)
        {
            // EAGAIN: somebody renamed on the way, and the kernel could not be sure.
            for (var attempt = 0; ; attempt++)
            {
                var fd = Libc.OpenAt2(root, name, flags, 0, Resolve);
                if (fd >= 0 || attempt == 64 || Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR))
                    return fd;
            }
        }
    }

    internal static SafeFileHandle? Walk(int root, ReadOnlySpan<byte> terminatedPath, int flags)
    {
        SafeFileHandle? at = null;
        var rest = terminatedPath[..^1];
        while (true)
        {
            var slash = rest.IndexOf((byte)'/');
            var name = slash < 0 ? rest : rest[..slash];
            var last = slash < 0;
            int fd;
            fixed (byte* component = FileName.Terminated(name))
                fd = Libc.OpenAt(at?.Descriptor() ?? root, component,
                    last ? flags : Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            var error = Marshal.GetLastPInvokeError();
            at?.Dispose();
            if (fd < 0)
            {
                Marshal.SetLastPInvokeError(error);
                return null;
            }
            at = new SafeFileHandle(fd, ownsHandle: true);
            if (last)
                return at;
            rest = rest[(slash + 1)..];
        }
    }
}
