using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Images.Export;

/// <summary>Writes a tar archive, plain or compressed, into a file that gets its name when everything is written.</summary>
internal static class ArchiveFile
{
    /// <summary>Writes it.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="mode">Its mode, before the umask.</param>
    /// <param name="compression">How it is compressed.</param>
    /// <param name="force">True to replace a file that has the name.</param>
    /// <param name="write">Writes the archive, uncompressed.</param>
    /// <param name="progress">Told of the archive's bytes so far, uncompressed; null for nobody.</param>
    /// <param name="cancellation">Looked at before the file gets its name.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="StoreException"><see cref="ErrorIds.ExportPathExists"/>, <see cref="ErrorIds.DiskFull"/> and what else writing can fail by.</exception>
    public static long Write(string path, uint mode, CompressionKind compression, bool force, Action<Stream> write, IProgress<long>? progress, CancellationToken cancellation)
    {
        try
        {
            using var file = NewFile.Create(path, mode);
            using var buffered = new BufferedStream(file.Stream, 1 << 20);
            using (var compressed = compression == CompressionKind.None ? null : Compression.Open(buffered, compression))
            {
                var target = compressed ?? buffered;
                write(progress is null ? target : new ReportedWrites(target, progress));
            }
            buffered.Flush();
            cancellation.ThrowIfCancellationRequested();
            return file.Publish(force) ? file.Stream.Length : throw ExportErrors.Exists(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "write", path);
        }
    }
}
