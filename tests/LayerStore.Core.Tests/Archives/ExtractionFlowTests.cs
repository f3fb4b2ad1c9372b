using System.Security.Cryptography;
using LayerStore.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Archives;

/// <summary>How an extraction starts, goes on, stops and fails.</summary>
public sealed class ExtractionFlowTests : ExtractionTest
{
    [Fact]
    public void An_archive_that_ends_at_any_block_is_refused()
    {
        var archive = new TarBuilder().Directory("d/").File("d/a", new byte[3000]).Pax("path", "d/" + new string('x', 150)).File("b", new byte[600]).GnuLong('L', "d/c").File("c", "1")
            .Symlink("l", "d").HardLink("h", "d/a").File(".wh.x").Device("n", '3', 1, 3).End();
        for (var length = 0; length < archive.Length; length += 512)
        {
            Refuse(ErrorIds.ArchiveTruncated, archive[..length]);
            Refuse(ErrorIds.ArchiveTruncated, archive[..(length + 1)]);
            Refuse(ErrorIds.ArchiveTruncated, archive[..(length + 511)]);
        }
        Extract(archive);
    }

    [Fact]
    public void A_truncated_archive_names_where_it_ends()
    {
        var archive = new TarBuilder().File("first", "1").File("second", new byte[5000]).Bytes();
        Assert.Contains("'second'", Refuse(ErrorIds.ArchiveTruncated, archive[..3000]).Message, StringComparison.Ordinal);
        Assert.Contains("'second'", Refuse(ErrorIds.ArchiveTruncated, archive).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData((1 << 20) - 512)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(12_345_678)]
    public void A_file_of_any_length_arrives_whole(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var archive = new TarBuilder().File("a", content).File("b", "after").End();
        var layer = Extract(archive);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(File.ReadAllBytes(Path.Combine(Root, "a"))));
        Assert.Equal("after", Content("b"));
        Assert.Equal(Digest.FromSha256(SHA256.HashData(archive)), layer.DiffId);
        Assert.Equal(new Usage(length + 5, 2), layer.Usage);
    }

    [Fact]
    public void Progress_counts_the_stored_bytes_to_the_last()
    {
        var plain = new TarBuilder().File("a", RandomNumberGenerator.GetBytes(5 << 20)).End();
        var compressed = ImageBuilder.Compress(plain, CompressionKind.Gzip);
        List<long> seen = [];
        Extract(new MemoryStream(compressed), bytesRead: seen.Add);
        Assert.Equal(compressed.Length, seen[^1]);
        Assert.Equal(seen.Order(), seen);
        Assert.InRange(seen.Count, 4, 8);
    }

    [Fact]
    public void A_cancelled_extraction_stops_though_the_archive_never_ends()
    {
        using var cancellation = new CancellationTokenSource();
        using var endless = new EndlessStream(new TarBuilder().Add(new() { Name = "a"u8.ToArray(), Size = 1L << 35 }).Bytes());
        Assert.ThrowsAny<OperationCanceledException>(() => Extract(endless, bytesRead: count =>
        {
            if (count > 20 << 20)
                cancellation.Cancel();
        }, cancellation: cancellation.Token));
        Assert.InRange(endless.Given, 20 << 20, 40 << 20);
        Assert.ThrowsAny<OperationCanceledException>(() => Extract(new MemoryStream(new byte[1024]), cancellation: cancellation.Token));
    }

    [Fact]
    public void An_error_in_an_entry_stops_reading()
    {
        using var endless = new EndlessStream(new TarBuilder().File("../x").Add(new() { Name = "a"u8.ToArray(), Size = 1L << 35 }).Bytes());
        Assert.Equal(ErrorIds.ArchiveUnsafePath, Assert.Throws<StoreException>(() => Extract(endless)).ErrorId);
        Assert.InRange(endless.Given, 0, 40 << 20);
    }

    [Fact]
    public void A_source_that_fails_says_so()
    {
        var error = Assert.Throws<StoreException>(() => Extract(new FailingStream(new IOException("the disk is gone"))));
        Assert.Equal(ErrorIds.InputOutputError, error.ErrorId);
        Assert.Contains("the disk is gone", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionKind.None)]
    [InlineData(CompressionKind.Gzip)]
    [InlineData(CompressionKind.Zstd)]
    public void A_blob_is_held_against_its_digest_and_its_size(CompressionKind kind)
    {
        var blob = ImageBuilder.Compress(new TarBuilder().File("a", RandomNumberGenerator.GetBytes(50_000)).End(), kind);
        var digest = ImageBuilder.DigestOf(blob);
        var other = ImageBuilder.DigestOf([1]);
        using (var right = new VerifyingStream(new MemoryStream(blob), digest, blob.Length))
        {
            Extract(right);
            Assert.True(right.Verified);
        }
        var error = Mismatch(blob, other, blob.Length);
        Assert.Equal(ErrorIds.BlobDigestMismatch, error.ErrorId);
        Assert.Contains(other.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(digest.ToString(), error.Message, StringComparison.Ordinal);
        foreach (var size in (long[])[blob.Length - 1, blob.Length + 1, 10])
        {
            error = Mismatch(blob, digest, size);
            Assert.Equal(ErrorIds.BlobSizeMismatch, error.ErrorId);
            Assert.Contains(size.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        }
        // A short blob is a wrong size before it is a truncated archive.
        Assert.Equal(ErrorIds.BlobSizeMismatch, Mismatch(blob[..^600], digest, blob.Length).ErrorId);
    }

    [Fact]
    public void Entries_beyond_the_limit_are_refused()
    {
        var archive = new TarBuilder().File("a").File("b").File("c");
        Extract(archive, limits: new ExtractionLimits { MaxEntries = 3 });
        var error = Refuse(ErrorIds.ArchiveLimitExceeded, archive, new ExtractionLimits { MaxEntries = 2 });
        Assert.Contains(nameof(ExtractionLimits.MaxEntries), error.Message, StringComparison.Ordinal);
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().File("a", new byte[1001]), new ExtractionLimits { MaxFileBytes = 1000 });
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().File("a/b/c/d"), new ExtractionLimits { MaxPathDepth = 3 });
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().File("abcdef"), new ExtractionLimits { MaxPathBytes = 5 });
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().Symlink("a", "abcdef"), new ExtractionLimits { MaxPathBytes = 5 });
    }

    [Fact]
    public void A_full_disk_is_named_with_the_entry()
    {
        var mount = Path.Combine(Base, "small");
        Directory.CreateDirectory(mount);
        Assert.Equal(0, Linux.Libc.Mount("tmpfs", mount, "tmpfs", 0, "size=1m"));
        try
        {
            using var handle = Linux.DirectoryHandle.Open(mount);
            var error = Assert.Throws<StoreException>(() => LayerExtractor.Extract(
                new MemoryStream(new TarBuilder().File("little", "x").File("big", new byte[4 << 20]).End()), new ExtractionTarget(handle, mount, WhiteoutDialect.Overlay, false), ExtractionLimits.Default, null, default));
            Assert.Equal(ErrorIds.DiskFull, error.ErrorId);
            Assert.Contains("'big'", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            _ = Linux.Libc.Umount2(mount, Linux.Libc.MNT_DETACH);
            Directory.Delete(mount);
        }
    }

    [Fact]
    public void An_extraction_leaves_no_descriptor_open()
    {
        var archive = new TarBuilder().File("a/b/c", "1").HardLink("d/e", "a/b/c").File(".wh.x").Directory("d/").File("d", "x").End();
        Extract(archive);
        var before = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        for (var round = 0; round < 20; round++)
        {
            Extract(archive);
            Refuse(ErrorIds.ArchiveUnsafePath, [.. archive[..^1024], .. new TarBuilder().File("../x").End()]);
        }
        // Other tests run beside this one and open a few of their own.
        Assert.InRange(Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(), 0, before + 15);
    }

    private StoreException Mismatch(byte[] blob, Digest digest, long size) => Assert.Throws<StoreException>(() =>
    {
        using var stream = new VerifyingStream(new MemoryStream(blob), digest, size);
        Extract(stream);
    });

    /// <summary>Some bytes, then zeros for ever.</summary>
    private sealed class EndlessStream(byte[] start) : ReadOnlyStream
    {
        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Clear();
            if (Given < start.Length)
                start.AsSpan((int)Given, (int)Math.Min(buffer.Length, start.Length - Given)).CopyTo(buffer);
            Given += buffer.Length;
            return buffer.Length;
        }
    }

    private sealed class FailingStream(Exception error) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw error;
    }
}
