using System.Globalization;
using System.Runtime.InteropServices;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Containers;

/// <summary>
/// One lock a container, held while it is mounted, dismounted or removed: a byte of one file, by the container's id. The kernel gives it back when
/// the process dies, and threads of one process exclude each other (open file description locks, fcntl(2)).
/// </summary>
internal sealed class ContainerLocks(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the container's lock; disposing the result gives it back.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreBusy"/> where another command holds it for long.</exception>
    public IDisposable Enter(string containerId)
    {
        var descriptor = Libc.Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC, Convert.ToUInt32("600", 8));
        if (descriptor < 0)
            throw LinuxError.Last("open the file of locks", path);
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            var until = DateTime.UtcNow + Patience;
            while (!TryLock(descriptor, containerId))
            {
                if (DateTime.UtcNow > until)
                    throw new StoreException(ErrorIds.StoreBusy, StoreErrorKind.InUse, containerId,
                        $"Another command is mounting, dismounting or removing the container {containerId[..12]} and does not come to an end.",
                        "Wait until it has ended and run this one again.");
                Thread.Sleep(2);
            }
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private unsafe bool TryLock(int descriptor, string containerId)
    {
        var region = new FileLock
        {
            Type = Libc.F_WRLCK,
            // 60 bits of the id: two containers that share them merely wait for each other.
            Start = long.Parse(containerId.AsSpan(0, 15), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            Length = 1,
        };
        if (Libc.FcntlLock(descriptor, Libc.F_OFD_SETLK, &region) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EACCES or Errno.EINTR ? false : throw LinuxError.Last("lock", path);
    }
}
