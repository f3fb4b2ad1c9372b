using System.Buffers;
using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>Reads what is in a file, and copies it: shared blocks where the file system can (FICLONE), else inside the kernel, else by reading and writing. Holes stay holes.</summary>
internal static unsafe class FileContents
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Copies <paramref name="length"/> bytes of one open file into another one, which is empty.</summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="target">Open for writing.</param>
    /// <param name="length">The source's length.</param>
    /// <param name="mayHaveHoles">False where as much is allocated as the file is long: looking for holes costs as much as copying a small file.</param>
    /// <param name="method">What worked last on this pair of file systems; updated, so that what fails is tried once and not once a file.</param>
    public static void Copy(int source, int target, long length, bool mayHaveHoles, ref CopyMethod method)
    {
        if (length == 0)
            return;
        if (method == CopyMethod.Clone)
        {
            if (Libc.Ioctl(target, Libc.FICLONE, source) == 0)
                return;
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.EOPNOTSUPP or Errno.EXDEV or Errno.EINVAL or Errno.ENOTTY or Errno.ENOSYS or Errno.EPERM:
                    method = CopyMethod.InKernel;
                    break;
                default:
                    throw LinuxError.Last("clone", DirectoryHandle.Describe(source));
            }
        }
        if (!mayHaveHoles)
        {
            CopySegment(source, target, 0, length, ref method);
            return;
        }
        if (Libc.Ftruncate(target, length) < 0)
            throw LinuxError.Last("set the length of", DirectoryHandle.Describe(target));
        CopySegments(source, target, length, ref method);
    }

    /// <summary>Reads some bytes from a place in a file (pread(2)); what interrupts the call is no error.</summary>
    /// <returns>How many, 0 at the end; negative with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    public static int TryReadAt(int file, Span<byte> buffer, long offset)
    {
        while (true)
        {
            nint read;
            fixed (byte* start = buffer)
                read = Libc.Pread(file, start, (nuint)buffer.Length, offset);
            if (read >= 0 || Marshal.GetLastPInvokeError() != Errno.EINTR)
                return (int)read;
        }
    }

    private static void CopySegments(int source, int target, long length, ref CopyMethod method)
    {
        long at = 0;
        while (at < length)
        {
            var data = Libc.Lseek(source, at, Libc.SEEK_DATA);
            if (data < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.ENXIO:
                        return; // A hole up to the end.
                    case Errno.EINVAL:
                        data = at; // No holes on this file system.
                        break;
                    default:
                        throw LinuxError.Last("seek in", DirectoryHandle.Describe(source));
                }
            }
            var hole = Libc.Lseek(source, data, Libc.SEEK_HOLE);
            var end = hole < 0 ? length : Math.Min(hole, length);
            CopySegment(source, target, data, end, ref method);
            at = Math.Max(end, at + 1);
        }
    }

    private static void CopySegment(int source, int target, long from, long to, ref CopyMethod method)
    {
        if (method != CopyMethod.ReadWrite)
        {
            long inOffset = from, outOffset = from;
            while (inOffset < to)
            {
                var copied = Libc.CopyFileRange(source, &inOffset, target, &outOffset, (nuint)(to - inOffset), 0);
                if (copied > 0)
                    continue;
                if (copied == 0)
                    return; // The file became shorter.
                var error = Marshal.GetLastPInvokeError();
                if (error == Errno.EINTR)
                    continue;
                if (error is not (Errno.ENOSYS or Errno.EXDEV or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.EPERM))
                    throw LinuxError.Last("copy", DirectoryHandle.Describe(source));
                method = CopyMethod.ReadWrite;
                break;
            }
            from = inOffset;
        }
        if (from < to)
            ReadAndWrite(source, target, from, to);
    }

    private static void ReadAndWrite(int source, int target, long from, long to)
    {
        if (Libc.Lseek(source, from, Libc.SEEK_SET) < 0 || Libc.Lseek(target, from, Libc.SEEK_SET) < 0)
            throw LinuxError.Last("seek in", DirectoryHandle.Describe(source));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            fixed (byte* start = buffer)
            {
                while (from < to)
                {
                    var read = Libc.Read(source, start, (nuint)Math.Min(BufferBytes, to - from));
                    if (read < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                        continue;
                    if (read < 0)
                        throw LinuxError.Last("read", DirectoryHandle.Describe(source));
                    if (read == 0)
                        return;
                    WriteAll(target, start, read);
                    from += read;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void WriteAll(int target, byte* data, nint length)
    {
        while (length > 0)
        {
            var written = Libc.Write(target, data, (nuint)length);
            if (written < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                continue;
            if (written < 0)
                throw LinuxError.Last("write", DirectoryHandle.Describe(target));
            data += written;
            length -= written;
        }
    }
}
