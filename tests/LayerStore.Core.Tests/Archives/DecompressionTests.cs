using System.Security.Cryptography;
using LayerStore.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Archives;

/// <summary>Compressed archives: whole ones in any number of pieces, and what must never pass for one.</summary>
public sealed class DecompressionTests : ExtractionTest
{
    private static readonly byte[] Plain = Archive(300_000);

    public static TheoryData<CompressionKind> Compressed => [CompressionKind.Gzip, CompressionKind.Zstd];

    [Theory]
    [InlineData(CompressionKind.None)]
    [InlineData(CompressionKind.Gzip)]
    [InlineData(CompressionKind.Zstd)]
    public void The_kind_is_found_by_content_and_the_digest_is_of_the_plain_bytes(CompressionKind kind)
    {
        var layer = Extract(ImageBuilder.Compress(Plain, kind));
        Assert.Equal(kind, layer.Compression);
        Assert.Equal(Digest.FromSha256(SHA256.HashData(Plain)), layer.DiffId);
        Assert.Equal(Plain.Length, layer.ArchiveBytes);
        Assert.Equal("d/ d/random d/text", Listing());
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Several_members_or_frames_are_one_archive(CompressionKind kind)
    {
        foreach (var piece in (int[])[1000, 8192, 60_000, 290_000])
        {
            var compressed = Plain.Chunk(piece).SelectMany(part => ImageBuilder.Compress(part, kind)).ToArray();
            Assert.Equal(Plain.Length, Extract(compressed).ArchiveBytes);
        }
        // Empty ones too, and read a byte at a time.
        byte[] small = Archive(100), odd = [.. ImageBuilder.Compress([], kind), .. ImageBuilder.Compress(small[..700], kind), .. ImageBuilder.Compress(small[700..], kind), .. ImageBuilder.Compress([], kind)];
        Assert.Equal(small.Length, Extract(new TrickleStream(odd)).ArchiveBytes);
    }

    [Fact]
    public void Members_that_end_anywhere_in_a_buffer_are_one_archive()
    {
        // GZipStream reads 8 KiB at a time: let the next member begin at every byte around that.
        var small = Archive(100);
        var first = ImageBuilder.Compress(small[..512], CompressionKind.Gzip);
        for (var padding = 8170 - first.Length; padding < 8200 - first.Length; padding++)
        {
            // A member without content, made longer by a name in its header (RFC 1952, FNAME).
            var empty = Convert.FromHexString("1f8b080000000000000303000000000000000000");
            byte[] named = [.. empty[..3], 8, .. empty[4..10], .. Enumerable.Repeat((byte)'n', padding - empty.Length), 0, .. empty[10..]];
            Assert.Equal(small.Length, Extract([.. named, .. first, .. ImageBuilder.Compress(small[512..], CompressionKind.Gzip)]).ArchiveBytes);
        }
    }

    [Fact]
    public void Skippable_frames_are_skipped()
    {
        byte[] skippable = [0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5];
        var layer = Extract([.. skippable, .. ImageBuilder.Compress(Plain[..5000], CompressionKind.Zstd), .. skippable, .. ImageBuilder.Compress(Plain[5000..], CompressionKind.Zstd), .. skippable]);
        Assert.Equal((Plain.Length, CompressionKind.Zstd), (layer.ArchiveBytes, layer.Compression));
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Data_that_stops_anywhere_is_refused(CompressionKind kind)
    {
        var compressed = ImageBuilder.Compress(Archive(20_000), kind);
        for (var length = 4; length < compressed.Length; length += length < 40 || length > compressed.Length - 40 ? 1 : 211)
        {
            var error = Assert.Throws<StoreException>(() => Extract(compressed[..length]));
            Assert.True(error.ErrorId == ErrorIds.ArchiveTruncated, $"after {length} of {compressed.Length} bytes: {error.ErrorId}: {error.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void A_member_or_frame_that_stops_between_others_is_refused(CompressionKind kind)
    {
        var first = ImageBuilder.Compress(Plain[..5000], kind);
        byte[] second = ImageBuilder.Compress(Plain[5000..], kind);
        Refuse(ErrorIds.ArchiveTruncated, [.. first, .. second[..(second.Length / 2)]]);
        Refuse(ErrorIds.ArchiveTruncated, first);
        Assert.Throws<StoreException>(() => Extract([.. first[..^20], .. second]));
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void Data_with_any_flipped_bit_never_passes(CompressionKind kind)
    {
        var plain = Archive(5000);
        var compressed = ImageBuilder.Compress(plain, kind);
        var digest = Digest.FromSha256(SHA256.HashData(plain));
        for (var at = 0; at < compressed.Length; at += 97)
        {
            var spoiled = (byte[])compressed.Clone();
            spoiled[at] ^= 0x10;
            try
            {
                // zstd without a checksum cannot know: the digest does.
                Assert.NotEqual(kind == CompressionKind.Gzip && at is >= 4 and < 10 ? default : digest, Extract(spoiled).DiffId);
            }
            catch (StoreException error)
            {
                Assert.StartsWith("Archive", error.ErrorId, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void What_follows_the_last_member_or_frame_is_refused()
    {
        var gzip = ImageBuilder.Compress(Plain, CompressionKind.Gzip);
        foreach (var junk in (byte[][])[[0], new byte[600], [1, 2, 3], "junk"u8.ToArray()])
            Refuse(ErrorIds.ArchiveCorrupt, [.. gzip, .. junk]);
        var zstd = ImageBuilder.Compress(Plain, CompressionKind.Zstd);
        foreach (var junk in (byte[][])[[0], new byte[600], "junkjunk"u8.ToArray()])
            Assert.Throws<StoreException>(() => Extract([.. zstd, .. junk]));
    }

    [Theory]
    [InlineData("425a6839314159265359", "bzip2")]
    [InlineData("fd377a585a000004", "xz")]
    [InlineData("04224d1864404000", "lz4")]
    [InlineData("5d00008000ffff", "lzma")]
    [InlineData("1f9d90", "compress")]
    [InlineData("4c5a495001", "lzip")]
    [InlineData("504b0304140000", "zip")]
    public void Other_compressions_are_named(string start, string name)
    {
        var error = Refuse(ErrorIds.ArchiveEncodingUnknown, [.. Convert.FromHexString(start), .. new byte[2000]]);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_archive_whose_first_name_looks_like_a_compression_is_plain()
    {
        Assert.Equal(CompressionKind.None, Extract(new TarBuilder().File("BZh9", "x")).Compression);
        Assert.Equal(CompressionKind.None, Extract(new TarBuilder().Add(new() { Name = [0x1f, 0x8b, 0x08] })).Compression);
    }

    [Theory]
    [InlineData(CompressionKind.None)]
    [InlineData(CompressionKind.Gzip)]
    [InlineData(CompressionKind.Zstd)]
    public void Junk_is_no_archive(CompressionKind kind)
    {
        var random = new Random(5);
        foreach (var length in (int[])[1, 100, 511, 512, 513, 5000])
        {
            var junk = new byte[length];
            random.NextBytes(junk);
            junk[0] = (byte)'j';
            Refuse(length < 512 ? ErrorIds.ArchiveTruncated : ErrorIds.ArchiveCorrupt, ImageBuilder.Compress(junk, kind));
        }
        Refuse(ErrorIds.ArchiveTruncated, ImageBuilder.Compress([], kind));
        // Compressed twice is junk too, not an archive in an archive.
        if (kind != CompressionKind.None)
            Refuse(ErrorIds.ArchiveCorrupt, ImageBuilder.Compress(ImageBuilder.Compress(Plain, kind), kind));
    }

    [Fact]
    public void A_frame_that_wants_a_huge_window_is_refused()
    {
        // RFC 8878: no single segment, a window descriptor of 2^31 bytes, a last raw block of one byte.
        Refuse(ErrorIds.ArchiveLimitExceeded, [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x09, 0x00, 0x00, 0x41]);
    }

    [Theory]
    [MemberData(nameof(Compressed))]
    public void A_bomb_stops_at_the_limit(CompressionKind kind)
    {
        byte[] bomb = ImageBuilder.Compress([.. new TarBuilder().Add(new() { Name = "zeros"u8.ToArray(), Size = 64 << 20 }).Bytes(), .. new byte[64 << 20], .. new byte[1024]], kind);
        Assert.True(bomb.Length < 1_000_000);
        var error = Refuse(ErrorIds.ArchiveLimitExceeded, bomb, new ExtractionLimits { MaxLayerBytes = 10 << 20 });
        Assert.Contains(nameof(ExtractionLimits.MaxLayerBytes), error.Message, StringComparison.Ordinal);
        error = Refuse(ErrorIds.ArchiveLimitExceeded, bomb, new ExtractionLimits { MaxCompressionRatio = 50, RatioFreeBytes = 8 << 20 });
        Assert.Contains(nameof(ExtractionLimits.MaxCompressionRatio), error.Message, StringComparison.Ordinal);
        // Behind the end mark as well.
        byte[] behind = ImageBuilder.Compress([.. new TarBuilder().File("a").End(), .. new byte[64 << 20]], kind);
        Refuse(ErrorIds.ArchiveLimitExceeded, behind, new ExtractionLimits { MaxLayerBytes = 10 << 20 });
    }

    /// <summary>A tar of some text and some random bytes.</summary>
    private static byte[] Archive(int bytes)
    {
        var random = new byte[bytes / 2];
        new Random(1).NextBytes(random);
        var text = string.Concat(Enumerable.Repeat("The quick brown fox. ", bytes / 40));
        return new TarBuilder().Directory("d/").File("d/text", text).File("d/random", random).End();
    }

    /// <summary>Gives one byte a call, as a slow connection may.</summary>
    private sealed class TrickleStream(byte[] bytes) : ReadOnlyStream
    {
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            if (_position == bytes.Length || buffer.IsEmpty)
                return 0;
            buffer[0] = bytes[_position++];
            return 1;
        }
    }
}
