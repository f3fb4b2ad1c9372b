using System.IO.Compression;
using LayerStore.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Fuzzing;

/// <summary>The framing of gzip and zstd: whatever is taken is what the plain decompressors of the libraries make of it.</summary>
internal sealed class CompressionTarget : FuzzTarget
{
    private const int MaxBytes = 8 << 20;

    public override byte[] Make(Random random)
    {
        List<byte> input = [];
        var kind = random.Next(2) == 0 ? CompressionKind.Gzip : CompressionKind.Zstd;
        for (var members = random.Next(1, 4); members > 0; members--)
        {
            var content = new byte[random.Next(4) * random.Next(2000)];
            if (random.Next(2) == 0)
                random.NextBytes(content);
            input.AddRange(ImageBuilder.Compress(content, kind));
            if (kind == CompressionKind.Zstd && random.Next(3) == 0)
                input.AddRange([0x50, 0x2a, 0x4d, 0x18, (byte)random.Next(4), 0, 0, 0, 1, 2]);
        }
        return random.Next(5) == 0 ? [.. input] : Mutator.Bytes(random, [.. input]);
    }

    public override void Run(byte[] input)
    {
        using var result = new MemoryStream();
        var kind = CompressionKind.None;
        var taken = MayRefuse(
            () =>
            {
                using var stream = Decompression.Open(new MemoryStream(input), out kind);
                var buffer = new byte[10_000];
                for (int read; result.Length < MaxBytes && (read = stream.Read(buffer)) > 0;)
                    result.Write(buffer, 0, read);
            },
            ErrorIds.ArchiveTruncated, ErrorIds.ArchiveCorrupt, ErrorIds.ArchiveEncodingUnknown, ErrorIds.ArchiveLimitExceeded);
        if (!taken || result.Length >= MaxBytes)
            return;
        using var plain = new MemoryStream(input);
        using Stream other = kind switch
        {
            CompressionKind.Gzip => new GZipStream(plain, CompressionMode.Decompress),
            CompressionKind.Zstd => new ZstdSharp.DecompressionStream(plain),
            _ => plain,
        };
        using var expected = new MemoryStream();
        other.CopyTo(expected);
        Demand(expected.ToArray().AsSpan().SequenceEqual(result.ToArray()), "it unpacks to what the library makes of it");
    }
}
