using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// A file that one holder locks at a time, be it a thread or another process (open file description locks, fcntl(2)); the kernel takes the lock from the dead.
/// </summary>
internal static class LockFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits for the lock; disposing the result gives it back.</summary>
    /// <param name="path">The file, made where it is missing.</param>
    /// <param name="what">What errors name.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreBusy"/> where another holder does not come to an end.</exception>
    public static SafeFileHandle Enter(string path, string what)
    {
        var file = Open(path);
        try
        {
            var since = Stopwatch.StartNew();
            while (!TryLock(file, path))
            {
                if (since.Elapsed > Patience)
                    throw new StoreException(
                        ErrorIds.StoreBusy, StoreErrorKind.InUse, what, $"Another command works on {what} and does not come to an end.",
                        "Wait until it has ended and run this one again.");
                Thread.Sleep(1);
            }
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The lock where nobody holds it; null otherwise.</summary>
    public static SafeFileHandle? TryEnter(string path)
    {
        var file = Open(path);
        if (TryLock(file, path))
            return file;
        file.Dispose();
        return null;
    }

    private static SafeFileHandle Open(string path)
    {
        var fd = Libc.Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open the lock", path);
    }

    private static unsafe bool TryLock(SafeFileHandle file, string path)
    {
        var region = new FileLock { Type = Libc.F_WRLCK };
        if (Libc.FcntlLock(file.Descriptor(), Libc.F_OFD_SETLK, &region) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EACCES or Errno.EINTR ? false : throw LinuxError.Last("lock", path);
    }
}
