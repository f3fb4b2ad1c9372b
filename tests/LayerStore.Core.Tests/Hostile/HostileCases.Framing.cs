using System.Text;
using System.Text.Json.Nodes;
using LayerStore.Archives;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Support;
using static LayerStore.Tests.Hostile.HostileCase;

namespace LayerStore.Tests.Hostile;

/// <summary>Compression, headers and numbers that lie, and archives that end too early.</summary>
internal static partial class HostileCases
{
    private static readonly ExtractionLimits s_oneMiB = new() { MaxLayerBytes = 1 << 20 };

    private static IEnumerable<HostileCase> Numbers() =>
    [
        Refused("M38 zeros in gzip", ErrorIds.ArchiveLimitExceeded, Zeros(8 << 20)) with { Compression = CompressionKind.Gzip, Limits = s_oneMiB },
        Refused("M38 zeros in zstd", ErrorIds.ArchiveLimitExceeded, Zeros(8 << 20)) with { Compression = CompressionKind.Zstd, Limits = s_oneMiB },
        Refused("M38 zeros beyond the ratio", ErrorIds.ArchiveLimitExceeded, Zeros(8 << 20))
            with { Compression = CompressionKind.Zstd, Limits = new ExtractionLimits { RatioFreeBytes = 1 << 20, MaxCompressionRatio = 100 } },
        Refused("M38 gzip in gzip", ErrorIds.ArchiveCorrupt, ImageBuilder.Compress(Junk(), CompressionKind.Gzip)) with { Compression = CompressionKind.Gzip },
        Refused("M38 a zstd window of two GiB", ErrorIds.ArchiveLimitExceeded, [0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0]),
        Refused("M38 xz", ErrorIds.ArchiveEncodingUnknown, [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. new byte[600]]),
        Refused("M39 a sparse file of 8 EiB", ErrorIds.ArchiveLimitExceeded, tar => tar.Add(new()
        {
            Name = "s"u8.ToArray(), Type = 'S', Magic = "ustar  \0", Size = 0,
            Change = block =>
            {
                TarBuilder.Number(block, 386, 12, long.MaxValue);
                TarBuilder.Number(block, 483, 12, long.MaxValue);
            },
        })),
        Refused("M39 more segments in records than allowed", ErrorIds.ArchiveLimitExceeded, tar => tar.PaxRaw('x', SparseMap(2000)).File("s", "x"))
            with { Limits = new ExtractionLimits { MaxSparseSegments = 1000 } },
        Refused("M39 ten million segments promised", ErrorIds.ArchiveLimitExceeded, tar => tar.Pax(
            ("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "5000"u8.ToArray())).File("s", "10000000\n" + new string('0', 502))),
        Refused("M39 a file of 2 to the 62 bytes", ErrorIds.ArchiveLimitExceeded, tar => tar.Add(new() { Name = "a"u8.ToArray(), Size = 1L << 62 })),
        Refused("M39 a negative size", ErrorIds.ArchiveCorrupt, tar => tar.Add(new() { Name = "a"u8.ToArray(), Size = -512 })),
        Refused("M40 a record that is longer than its header", ErrorIds.ArchiveCorrupt, tar => tar.PaxRaw('x', "99 a=b\n"u8.ToArray()).File("a")),
        Refused("M40 a header of 2 GB", ErrorIds.ArchiveLimitExceeded, tar => tar.Add(new() { Name = "x"u8.ToArray(), Type = 'x', Size = 2_000_000_000 })),
        Refused("M40 a path with a NUL", ErrorIds.ArchiveCorrupt, tar => tar.Pax("path", "a\0b").File("a")),
        Refused("M40 a path twice", ErrorIds.ArchiveCorrupt, tar => tar.Pax(("path", "a"u8.ToArray()), ("path", "../b"u8.ToArray())).File("c")),
        Refused("M40 a path for all entries", ErrorIds.ArchiveCorrupt, tar => tar.PaxGlobal(("path", "a"u8.ToArray())).File("c")),
        Refused("M40 an attribute beyond Linux's limit", ErrorIds.ArchiveLimitExceeded, tar => tar.Pax(("SCHILY.xattr.user.x", new byte[70_000])).File("a")),
    ];

    private static IEnumerable<HostileCase> Framing()
    {
        foreach (var kind in Enum.GetValues<CompressionKind>())
            yield return Refused($"M43 junk, {kind}", ErrorIds.ArchiveCorrupt, Junk()) with { Compression = kind };
        var whole = new TarBuilder().Directory("d/").File("d/a", new byte[700]).HardLink("d/b", "d/a").GnuLong('L', "d/c").File("x", "1").Symlink("l", "d").End();
        for (var length = 0; length < whole.Length; length += 512)
            yield return Refused($"M43 cut after {length} bytes", ErrorIds.ArchiveTruncated, whole[..(length + (length % 1024 == 0 ? 0 : 100))]);
        yield return Refused("M43 cut within gzip", ErrorIds.ArchiveTruncated, ImageBuilder.Compress(whole, CompressionKind.Gzip)[..^9]);
        yield return Refused("M43 cut within zstd", ErrorIds.ArchiveTruncated, ImageBuilder.Compress(whole, CompressionKind.Zstd)[..^9]);
        yield return Refused("M43 a lone block of zeros", ErrorIds.ArchiveCorrupt, tar => tar.File("a").Raw(new byte[512]).File("b"));
        yield return Refused("M43 a type that nobody knows", ErrorIds.ArchiveEntryUnsupported, tar => tar.Add(new() { Name = "a"u8.ToArray(), Type = 'V' }));
        yield return new HostileCase("M44 an archive behind the archive's end", null, "a=1", [[.. new TarBuilder().File("a", "1").End(), .. new TarBuilder().File("../x", "2").End(), 7, 7, 7]]);
        yield return Refused("M45 a layer that is another one", ErrorIds.LayerDigestMismatch, tar => tar.File("a", "1"), tar => tar.File("b", "2"))
            with
        { ChangeConfig = config => ((JsonArray)config["rootfs"]!["diff_ids"]!)[1] = "sha256:" + new string('0', 64) };
    }

    private static byte[] Zeros(int count) => new byte[count];

    private static byte[] Junk()
    {
        var junk = new byte[5000];
        new Random(1).NextBytes(junk);
        return junk;
    }

    private static byte[] SparseMap(int segments) =>
        TarBuilder.Records(("GNU.sparse.map", Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Repeat("0,0", segments)))), ("GNU.sparse.size", "5000"u8.ToArray()));
}
