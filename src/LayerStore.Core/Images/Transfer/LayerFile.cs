using System.Security.Cryptography;
using LayerStore.Archives;
using LayerStore.Images.Formats;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Transfer;

/// <summary>
/// A file that holds one layer's archive, plain or compressed. It is read twice: what it is called by, its DiffID, is known only at its end. A pipe, which can be read once, goes into a nameless file first.
/// </summary>
internal sealed class LayerFile : ILayerSource, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _length;

    private LayerFile(SafeFileHandle file, long length, string path, Digest diffId) => (_file, _length, _path, DiffId) = (file, length, path, diffId);

    /// <summary>SHA-256 of the uncompressed archive.</summary>
    public Digest DiffId { get; }

    /// <summary>Opens a file and finds out what it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="spoolDirectory">Where the content of a pipe goes.</param>
    /// <param name="limits">What it may ask of the machine.</param>
    /// <param name="cancellation">Stops within one buffer.</param>
    /// <exception cref="StoreException">It is missing, damaged, or compressed in a way that nobody here reads.</exception>
    public static LayerFile Open(string path, string spoolDirectory, ExtractionLimits limits, CancellationToken cancellation)
    {
        var (file, length) = OpenRegular(path, spoolDirectory, limits, cancellation);
        try
        {
            using var content = new BlobStream(file, 0, length, path, ownsFile: false);
            using var pump = new ArchivePump(content, limits, progress: null, cancellation);
            for (int here; (here = pump.Peek(int.MaxValue).Length) > 0;)
                pump.Advance(here);
            return new LayerFile(file, length, path, pump.Digest);
        }
        catch (Exception error)
        {
            file.Dispose();
            if (error is StoreException known)
                throw ArchiveFaults.Named(path, known);
            throw;
        }
    }

    /// <summary>Refuses a file of which neither its own digest nor its archive's is this one.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerDigestMismatch"/>.</exception>
    public void Verify(Digest expected, CancellationToken cancellation)
    {
        if (expected == DiffId)
            return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        using var content = new BlobStream(_file, 0, _length, _path, ownsFile: false);
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        var actual = Digest.FromSha256(hash.GetHashAndReset());
        if (actual != expected)
            throw new StoreException(ErrorIds.LayerDigestMismatch, StoreErrorKind.InvalidData, _path,
                $"'{Printable.Escape(_path)}' is not the layer {expected}: {(actual == DiffId ? $"its digest is {actual}" : $"the file's digest is {actual}, its archive's {DiffId}")}.",
                "Get the file again, or give the digest that it is meant to have. Nothing of it was kept.");
    }

    /// <inheritdoc/>
    public long Measure(ArchivedLayer layer) => _length;

    /// <inheritdoc/>
    public Stream OpenLayer(ArchivedLayer layer, CancellationToken cancellation) => new BlobStream(_file, 0, _length, _path, ownsFile: false);

    public void Dispose() => _file.Dispose();

    private static (SafeFileHandle File, long Length) OpenRegular(string path, string spoolDirectory, ExtractionLimits limits, CancellationToken cancellation)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path);
        }
        catch (FileNotFoundException)
        {
            throw NotFound(path);
        }
        catch (DirectoryNotFoundException)
        {
            throw NotFound(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "read", path);
        }
        try
        {
            var status = FileStatus.Of(file, path);
            if (status.IsRegular)
                return (file, (long)status.Size);
            using var pipe = new FileStream(file, FileAccess.Read, bufferSize: 0);
            return SpoolFile.Fill(pipe, spoolDirectory, path, limits.MaxLayerBytes, cancellation);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static StoreException NotFound(string path) => new(
        ErrorIds.ArchiveNotFound, StoreErrorKind.NotFound, path, $"There is no layer's archive '{Printable.Escape(path)}'.",
        "Give the path of a tar archive, plain, gzip or zstd (Export-ContainerLayer writes one).");
}
