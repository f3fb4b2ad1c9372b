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
    public static SafeFileHandle Enter(string path, string what) => Enter(path, null, Patience, () => new StoreException(
        ErrorIds.StoreBusy, StoreErrorKind.InUse, what, $"Another command works on {what} and does not come to an end.",
        "Wait until it has ended and run this one again."));

    /// <summary>As the other one, for one byte of a file, so that one file holds many locks.</summary>
    /// <param name="path">The file, made where it is missing.</param>
    /// <param name="offset">The byte; null for the whole file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="busy">The error where that was not enough.</param>
    public static SafeFileHandle Enter(string path, long? offset, TimeSpan patience, Func<StoreException> busy)
    {
        var file = Open(path);
        try
        {
            var since = Stopwatch.StartNew();
            while (!TryLock(file, path, offset))
            {
                if (since.Elapsed > patience)
                    throw busy();
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
        if (TryLock(file, path, null))
            return file;
        file.Dispose();
        return null;
    }

    private static SafeFileHandle Open(string path)
    {
        var fd = Libc.Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0x180);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open the lock", path);
    }

    private static unsafe bool TryLock(SafeFileHandle file, string path, long? offset)
    {
        // A length of 0 reaches to the end.
        var region = new FileLock { Type = Libc.F_WRLCK, Start = offset ?? 0, Length = offset is null ? 0 : 1 };
        if (Libc.FcntlLock(file.Descriptor(), Libc.F_OFD_SETLK, &region) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EACCES or Errno.EINTR ? false : throw LinuxError.Last("lock", path);
    }
}
