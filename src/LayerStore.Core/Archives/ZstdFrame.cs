using System.Buffers.Binary;

namespace LayerStore.Archives;

/// <summary>The header of a zstd frame (RFC 8878, 3.1.1.1).</summary>
internal static class ZstdFrame
{
    /// <summary>The most bytes that a header has, its magic number included.</summary>
    public const int MaxHeaderBytes = 18;

    /// <summary>Bytes that the decompressor must remember; 0 where <paramref name="start"/> is no beginning of a zstd frame.</summary>
    public static long WindowBytes(ReadOnlySpan<byte> start)
    {
        if (start.Length < 6 || !start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]))
            return 0;
        var descriptor = start[4];
        var isSingleSegment = (descriptor & 0x20) != 0;
        if (!isSingleSegment)
        {
            var window = 1L << (10 + (start[5] >> 3));
            return window + window / 8 * (start[5] & 7);
        }

        // The whole content is the window; its size follows the dictionary's id.
        var size = start[Math.Min(start.Length, 5 + ((descriptor & 3) == 3 ? 4 : descriptor & 3))..];
        return (descriptor >> 6) switch
        {
            0 when size.Length >= 1 => size[0],
            1 when size.Length >= 2 => BinaryPrimitives.ReadUInt16LittleEndian(size) + 256,
            2 when size.Length >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(size),
            3 when size.Length >= 8 => (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(size)),
            _ => 0,
        };
    }
}
