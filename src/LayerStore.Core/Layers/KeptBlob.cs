using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore.Layers;

/// <summary>
/// The compressed blob that a layer came as, kept beside it so that it need not be compressed again: a file whose name says its digest. It is removed with its layer, and nothing depends on it.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Digest">SHA-256 of its bytes, as they were verified when it was kept.</param>
/// <param name="Size">How many.</param>
/// <param name="Compression">How it is compressed.</param>
internal sealed record KeptBlob(string Path, Digest Digest, long Size, CompressionKind Compression)
{
    private const string Prefix = "blob-";

    /// <summary>The name of the file while it is written.</summary>
    public const string UnfinishedName = "blob.new";

    /// <summary>The name of a complete one.</summary>
    public static string NameOf(Digest digest, CompressionKind compression) =>
        $"{Prefix}{(compression == CompressionKind.Gzip ? "gzip" : "zstd")}-{digest.Hex}";

    /// <summary>The blob that is kept of a layer; null where none is.</summary>
    public static KeptBlob? Find(IStorageDriver driver, LayerId layer)
    {
        var directory = new DirectoryInfo(driver.MetadataDirectory(layer));
        if (!directory.Exists)
            return null;
        foreach (var file in directory.EnumerateFiles(Prefix + "*"))
        {
            if (file.Name[Prefix.Length..].Split('-') is [var kind and ("gzip" or "zstd"), var hex] && Digest.TryParse("sha256:" + hex, out var digest))
                return new KeptBlob(file.FullName, digest, file.Length, kind == "gzip" ? CompressionKind.Gzip : CompressionKind.Zstd);
        }
        return null;
    }

    /// <summary>Opens it. Whoever reads it verifies it.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Stream OpenUnverified()
    {
        try
        {
            return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw LinuxError.From(error, "read", Path);
        }
    }

    /// <summary>True where the file still holds what it held: a damaged one costs a compression and is no error.</summary>
    public bool IsWhole(CancellationToken cancellation)
    {
        try
        {
            using var stream = new VerifyingStream(OpenUnverified(), Digest, Size);
            var buffer = new byte[1 << 20];
            while (stream.Read(buffer, 0, buffer.Length) > 0)
                cancellation.ThrowIfCancellationRequested();
            return true;
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            return false;
        }
    }
}
