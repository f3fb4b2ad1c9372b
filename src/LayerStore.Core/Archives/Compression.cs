using System.IO.Compression;

namespace LayerStore.Archives;

/// <summary>The reverse of <see cref="Decompression"/>.</summary>
internal static class Compression
{
    // zstd's own default.
    private const int ZstdLevel = 3;

    /// <summary>A stream that compresses what is written to it. Disposing it writes the end; <paramref name="destination"/> stays open.</summary>
    /// <remarks>gzip gets neither a name nor a time: equal input gives equal bytes.</remarks>
    public static Stream Open(Stream destination, CompressionKind kind) => kind switch
    {
        CompressionKind.Gzip => new GZipStream(destination, CompressionLevel.Optimal, leaveOpen: true),
        CompressionKind.Zstd => new ZstdSharp.CompressionStream(destination, ZstdLevel, leaveOpen: true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "That is no compression."),
    };
}
