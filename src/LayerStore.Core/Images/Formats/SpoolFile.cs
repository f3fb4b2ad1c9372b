using System.Buffers;
using System.Runtime.InteropServices;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>
/// A temporary file without a name: nothing is left of it when its handle is closed, by us or by the kernel when we die. Needed only for an archive
/// that is compressed as a whole or comes through a pipe, because its table of contents may stand behind its layers.
/// </summary>
internal static unsafe class SpoolFile
{
    /// <summary>Copies a stream into a new nameless file.</summary>
    /// <exception cref="StoreException">The stream is longer than <paramref name="maxBytes"/>, or the disk is full.</exception>
    public static (SafeFileHandle File, long Length) Fill(
        Stream content, string directory, string path, long maxBytes, CancellationToken cancellation)
    {
        var file = Create(directory);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            long length = 0;
            for (int read; (read = content.Read(buffer)) > 0; length += read)
            {
                cancellation.ThrowIfCancellationRequested();
                if (length + read > maxBytes)
                    throw ArchiveFaults.LimitExceeded(path, $"unpacked it is larger than {maxBytes} bytes", nameof(ImportOptions.MaxArchiveBytes));
                Write(file, buffer.AsSpan(0, read), directory);
            }
            return (file, length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static SafeFileHandle Create(string directory)
    {
        var fd = Libc.Open(directory, Libc.O_TMPFILE | Libc.O_RDWR | Libc.O_CLOEXEC, 0x180);
        if (fd < 0 && Marshal.GetLastPInvokeError() is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL)
        {
            // File systems without O_TMPFILE: the name lives only between these two calls.
            var name = Path.Combine(directory, $".spool-{Guid.NewGuid():N}");
            fd = Libc.Open(name, Libc.O_CREAT | Libc.O_EXCL | Libc.O_RDWR | Libc.O_CLOEXEC, 0x180);
            var errno = Marshal.GetLastPInvokeError();
            if (fd >= 0)
                _ = Libc.UnlinkAt(Libc.AT_FDCWD, name, 0);
            Marshal.SetLastPInvokeError(errno);
        }
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("make a temporary file in", directory);
    }

    private static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, string directory)
    {
        fixed (byte* start = content)
        {
            for (var done = 0; done < content.Length;)
            {
                var written = Libc.Write((int)file.DangerousGetHandle(), start + done, (nuint)(content.Length - done));
                if (written >= 0)
                    done += (int)written;
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                    throw LinuxError.Last("write a temporary file in", directory);
            }
        }
    }
}
