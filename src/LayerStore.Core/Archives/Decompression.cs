using LayerStore.Archives.Tar;

namespace LayerStore.Archives;

/// <summary>Finds out by its first bytes how an archive is compressed, and undoes it.</summary>
internal static class Decompression
{
    /// <summary>Makes a stream of the uncompressed bytes.</summary>
    /// <param name="source">The archive from its beginning; read to its end, not disposed.</param>
    /// <param name="kind">What was found.</param>
    /// <returns>A stream that ends only where the compressed data is whole.</returns>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ArchiveEncodingUnknown"/> for a compression that LayerStore does not read; when reading,
    /// <see cref="ErrorIds.ArchiveTruncated"/> and <see cref="ErrorIds.ArchiveCorrupt"/>.
    /// </exception>
    public static Stream Open(Stream source, out CompressionKind kind)
    {
        var start = new byte[TarHeader.BlockBytes];
        var length = source.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(start.AsMemory(0, length), source);
        kind = Detect(start.AsSpan(0, length));
        return kind switch
        {
            CompressionKind.Gzip => new GzipArchiveStream(whole),
            CompressionKind.Zstd => new ZstdArchiveStream(whole),
            _ => whole,
        };
    }

    /// <summary>Says how an archive is compressed.</summary>
    /// <param name="start">Its first bytes: 512, or all where it is shorter.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ArchiveEncodingUnknown"/>.</exception>
    public static CompressionKind Detect(ReadOnlySpan<byte> start)
    {
        // A tar header first: a file named "BZh" at the beginning of a plain archive is no compression.
        if (start.Length >= TarHeader.BlockBytes && new TarHeader(start).ChecksumIsValid())
            return CompressionKind.None;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]))
            return CompressionKind.Gzip;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) || IsSkippableFrame(start))
            return CompressionKind.Zstd;
        if (UnsupportedName(start) is { } name)
        {
            throw new StoreException(
                ErrorIds.ArchiveEncodingUnknown, StoreErrorKind.NotSupported, null, $"The archive is compressed with {name}, which LayerStore does not read.",
                "Decompress it first, or compress it with gzip or zstd.");
        }
        return CompressionKind.None;
    }

    // RFC 8878, 3.1.2: sixteen magic numbers, little-endian.
    private static bool IsSkippableFrame(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && (start[0] & 0xf0) == 0x50 && start[1..4].SequenceEqual((ReadOnlySpan<byte>)[0x2a, 0x4d, 0x18]);

    private static string? UnsupportedName(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("BZh"u8))
            return "bzip2";
        if (start.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]))
            return "xz";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4d, 0x18]) || start.StartsWith((ReadOnlySpan<byte>)[0x02, 0x21, 0x4c, 0x18]))
            return "lz4";
        if (start.StartsWith("LZIP"u8))
            return "lzip";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'L', (byte)'Z', (byte)'O', 0]))
            return "lzop";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x5d, 0, 0]))
            return "lzma";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x9d]))
            return "compress";
        if (start.StartsWith((ReadOnlySpan<byte>)[(byte)'P', (byte)'K', 3, 4]))
            return "zip";
        if (start.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c]))
            return "7-Zip";
        return null;
    }
}
