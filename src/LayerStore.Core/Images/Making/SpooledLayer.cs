using LayerStore.Archives;
using LayerStore.Images.Formats;
using LayerStore.Linux;

namespace LayerStore.Images.Making;

/// <summary>A layer's archive in a nameless temporary file: its digest must be known before the store can take it in.</summary>
internal sealed class SpooledLayer : ILayerSource, IDisposable
{
    private readonly NewFile _file;

    private SpooledLayer(NewFile file, string path, Digest diffId, long size) => (_file, Path, DiffId, Size) = (file, path, diffId, size);

    /// <summary>What the archive was made of, for messages.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of the archive.</summary>
    public Digest DiffId { get; }

    /// <summary>Bytes of it.</summary>
    public long Size { get; }

    /// <summary>Writes an archive.</summary>
    /// <param name="directory">Where the file is made.</param>
    /// <param name="path">What the archive is made of, for messages.</param>
    /// <param name="write">Writes it.</param>
    public static SpooledLayer Make(string directory, string path, Action<Stream> write)
    {
        var file = NewFile.Create(System.IO.Path.Combine(directory, "layer"), mode: 0x180);
        try
        {
            using var sink = new ArchiveSink(file.Stream);
            using (var stream = new SinkStream(sink))
                write(stream);
            return new SpooledLayer(file, path, sink.Finish(), sink.Count);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw LinuxError.From(error, "write a temporary file in", directory);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public long Measure(ArchivedLayer layer) => Size;

    public Stream OpenLayer(ArchivedLayer layer, CancellationToken cancellation) => new BlobStream(_file.Stream.SafeFileHandle, 0, Size, Path, ownsFile: false);

    public void Dispose() => _file.Dispose();
}
