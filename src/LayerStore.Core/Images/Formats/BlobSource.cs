using System.Runtime.InteropServices;
using LayerStore.Archives;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>Opens whatever a user may name as an image archive: a directory, a tar file, one that is compressed as a whole, or a pipe.</summary>
internal static class BlobSource
{
    /// <summary>Opens an archive.</summary>
    /// <param name="path">What the user named.</param>
    /// <param name="spoolDirectory">Where what cannot be read by position is kept while it is needed, without a name.</param>
    /// <param name="maxBytes">Bytes to spool at most.</param>
    /// <param name="cancellation">Stops waiting and reading.</param>
    /// <exception cref="StoreException">It is missing, unreadable, truncated or nothing that can hold images.</exception>
    public static IBlobSource Open(string path, string spoolDirectory, long maxBytes, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal))
            throw ArchiveFaults.NotFound(path);
        // O_NONBLOCK: a named pipe without a writer must not hold us up beyond a cancellation.
        var fd = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (fd < 0)
        {
            throw Marshal.GetLastPInvokeError() switch
            {
                Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG => ArchiveFaults.NotFound(path),
                Errno.ENXIO => ArchiveFaults.Unrecognized(path, "it is a socket or a device"),
                Errno.EACCES or Errno.EPERM => new StoreException(
                    ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, path, $"You may not read '{Printable.Escape(path)}'.",
                    "Give yourself permission to read the archive, or run as its owner or as root."),
                var errno => LinuxError.From(errno, "read", path),
            };
        }
        var file = new SafeFileHandle(fd, ownsHandle: true);
        try
        {
            var status = FileStatus.Of(file, path);
            if (status.IsDirectory)
                return new DirectoryBlobSource(file, path);
            return status.Type switch
            {
                Libc.S_IFREG => OpenFile(file, (long)status.Size, path, spoolDirectory, maxBytes, cancellation),
                Libc.S_IFIFO => OpenPipe(file, path, spoolDirectory, maxBytes, cancellation),
                _ => throw ArchiveFaults.Unrecognized(path, "it is neither a file nor a directory nor a pipe"),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static TarBlobSource OpenPipe(SafeFileHandle pipe, string path, string spoolDirectory, long maxBytes, CancellationToken cancellation)
    {
        using var stream = new PipeStream(pipe, path, cancellation);
        var (file, length) = SpoolFile.Fill(stream, spoolDirectory, path, maxBytes, cancellation);
        try
        {
            return OpenFile(file, length, path, spoolDirectory, maxBytes, cancellation);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static TarBlobSource OpenFile(
        SafeFileHandle file, long length, string path, string spoolDirectory, long maxBytes, CancellationToken cancellation)
    {
        if (length == 0)
            throw ArchiveFaults.Truncated(path, "it is empty");
        if (Decompress(file, length, path, spoolDirectory, maxBytes, cancellation) is var (spooled, size))
        {
            try
            {
                var source = OpenTar(spooled, size, path, cancellation);
                file.Dispose();
                return source;
            }
            catch
            {
                spooled.Dispose();
                throw;
            }
        }
        return OpenTar(file, length, path, cancellation);
    }

    /// <summary>Copies an archive that is compressed as a whole; null where it is not.</summary>
    private static (SafeFileHandle File, long Length)? Decompress(
        SafeFileHandle file, long length, string path, string spoolDirectory, long maxBytes, CancellationToken cancellation)
    {
        try
        {
            using var content = Decompression.Open(new BlobStream(file, 0, length, path, ownsFile: false), out var compression);
            return compression == CompressionKind.None ? null : SpoolFile.Fill(content, spoolDirectory, path, maxBytes, cancellation);
        }
        catch (StoreException error) when (error.Target is null)
        {
            throw ArchiveFaults.Named(path, error);
        }
    }

    private static TarBlobSource OpenTar(SafeFileHandle file, long length, string path, CancellationToken cancellation)
    {
        Span<byte> start = stackalloc byte[512];
        start = start[..RandomAccess.Read(file, start, 0)];
        if (!TarIndex.IsHeader(start) && start.ContainsAnyExcept((byte)0))
            throw ArchiveFaults.Unrecognized(path, "it is no tar file (plain, gzip or zstd), and no directory");
        return TarBlobSource.Open(file, length, path, cancellation);
    }
}
