using System.Security.Cryptography;
using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Layers;

/// <summary>
/// Passes a compressed blob's bytes on and writes them into the directory of the layer that is extracted from them. It counts as kept only when the caller says that everything was as it should be; else it
/// goes with the layer.
/// </summary>
/// <param name="inner">The blob from its beginning; stays the caller's.</param>
/// <param name="promised">Its digest, which the caller verifies; null to compute it.</param>
/// <param name="directory">Says where the file goes, waiting until the directory is there.</param>
internal sealed class BlobKeeper(Stream inner, Digest? promised, Func<string> directory) : ReadOnlyStream
{
    private readonly IncrementalHash? _hash = promised is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private FileStream? _file;
    private string _directory = "";

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        if (read == 0)
            return 0;
        _hash?.AppendData(buffer[..read]);
        try
        {
            if (_file is null)
            {
                _directory = directory();
                _file = new FileStream(Path.Combine(_directory, KeptBlob.UnfinishedName), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            }
            _file.Write(buffer[..read]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "write", Path.Combine(_directory, KeptBlob.UnfinishedName));
        }
        return read;
    }

    /// <summary>The blob was read to its end and is what it should be. One that is not compressed is not kept.</summary>
    public void Keep(CompressionKind compression)
    {
        if (_file is null)
            return;
        var digest = promised ?? Digest.FromSha256(_hash!.GetHashAndReset());
        try
        {
            _file.Dispose();
            var unfinished = Path.Combine(_directory, KeptBlob.UnfinishedName);
            if (compression == CompressionKind.None)
                File.Delete(unfinished);
            else
                File.Move(unfinished, Path.Combine(_directory, KeptBlob.NameOf(digest, compression)), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "keep a blob in", _directory);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
            _hash?.Dispose();
        }
        base.Dispose(disposing);
    }
}
