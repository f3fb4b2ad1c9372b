using System.Text;
using LayerStore.Archives;
using LayerStore.Archives.Tar;

namespace LayerStore.Tests.Archives;

/// <summary>Every form of header that tar programs have written, read byte by byte; and the forms that nobody writes honestly.</summary>
public sealed class TarDialectTests : ExtractionTest
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 1200).Select(number => (byte)(number * 7))];

    [Fact]
    public void Ustar_joins_prefix_and_name()
    {
        Extract(new TarBuilder().Add(new() { Name = "name"u8.ToArray(), Prefix = "a/long/prefix" }).Add(new() { Name = new byte[100].Select(_ => (byte)'n').ToArray(), Prefix = new string('p', 155) }));
        Assert.True(Exists("a/long/prefix/name"));
        Assert.True(Exists(new string('p', 155) + "/" + new string('n', 100)));
    }

    [Fact]
    public void Star_keeps_times_behind_its_prefix()
    {
        Extract(new TarBuilder().Add(new()
        {
            Name = "name"u8.ToArray(),
            Prefix = new string('p', 131),
            Change = block =>
            {
                TarBuilder.Number(block, 476, 12, 5);
                "tar\0"u8.CopyTo(block.AsSpan(508));
            },
        }));
        Assert.True(Exists(new string('p', 131) + "/name"));
    }

    [Fact]
    public void Gnu_headers_have_no_prefix()
    {
        Extract(new TarBuilder().Add(new() { Name = "name"u8.ToArray(), Magic = "ustar  \0", Prefix = "00000000001" }));
        Assert.Equal("name", Listing());
    }

    [Fact]
    public void Seventh_edition_archives_know_directories_by_their_slash()
    {
        Extract(new TarBuilder().Add(new() { Name = "d/"u8.ToArray(), Type = '\0', Magic = "", Mode = 0x1ed }).Add(new() { Name = "d/f"u8.ToArray(), Type = '\0', Magic = "", Size = 1 }, "x"u8));
        Assert.Equal("d/ d/f", Listing());
        Assert.Equal("755", At("d").Octal);
    }

    [Fact]
    public void Gnu_long_names_and_links()
    {
        var name = string.Join("/", Enumerable.Repeat(new string('n', 50), 5));
        var target = string.Join("/", Enumerable.Repeat(new string('t', 50), 5));
        Extract(new TarBuilder().GnuLong('L', name).File("short", "1").GnuLong('K', target).GnuLong('L', name + "2").Symlink("short", "short").File("short", "2"));
        Assert.Equal("1", Content(name));
        Assert.Equal(target, At(name + "2").Target);
        Assert.Equal("2", Content("short"));
    }

    [Fact]
    public void Pax_path_linkpath_size_and_owners()
    {
        var name = string.Join("/", Enumerable.Repeat(new string('ä', 40), 5));
        Extract(new TarBuilder()
            .Pax(("path", TarBuilder.Text(name)), ("size", "3"u8.ToArray()), ("uid", "3000000"u8.ToArray()), ("gid", "4000000000"u8.ToArray()), ("comment", "x"u8.ToArray()))
            .Add(new() { Name = "short"u8.ToArray(), Size = 0 }, "abc"u8)
            .Pax("linkpath", name).HardLink("h", "elsewhere").Pax("path", "").File("kept", "1"));
        Assert.Equal("abc", Content(name));
        Assert.Equal((3000000u, 4000000000u), (At(name).Uid, At(name).Gid));
        Assert.Equal(At(name).Inode, At("h").Inode);
        Assert.Equal("1", Content("kept"));
    }

    [Fact]
    public void A_global_pax_header_holds_until_a_local_one_says_otherwise()
    {
        Extract(new TarBuilder().PaxGlobal(("comment", "0123"u8.ToArray()), ("uid", "55"u8.ToArray()), ("SCHILY.xattr.user.g", "global"u8.ToArray())).File("a")
            .Pax(("uid", "66"u8.ToArray()), ("SCHILY.xattr.user.g", "local"u8.ToArray())).File("b").File("c").PaxGlobal(("uid", "77"u8.ToArray())).File("d"));
        Assert.Equal((55u, "global"), (At("a").Uid, XattrText("a", "user.g")));
        Assert.Equal((66u, "local"), (At("b").Uid, XattrText("b", "user.g")));
        Assert.Equal((55u, "global"), (At("c").Uid, XattrText("c", "user.g")));
        Assert.Equal(77u, At("d").Uid);
    }

    [Theory]
    [InlineData("path")]
    [InlineData("linkpath")]
    [InlineData("size")]
    [InlineData("GNU.sparse.name")]
    public void A_global_pax_header_that_names_every_entry_alike_is_refused(string key) =>
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().PaxGlobal((key, "1"u8.ToArray())).File("a"));

    [Theory]
    [InlineData("5 a=b\n")]
    [InlineData("7 a=b\n")]
    [InlineData("6 a=bx")]
    [InlineData("99 a=b\n")]
    [InlineData("-6 a=b\n")]
    [InlineData("99999999999999999999 a=b\n")]
    [InlineData("a=b\n")]
    [InlineData("6 aaab\n")]
    [InlineData("5 =b\n")]
    [InlineData("3 \n")]
    [InlineData("0 \n")]
    [InlineData("9 size=x\n")]
    [InlineData("10 size=-1\n")]
    [InlineData("28 size=99999999999999999999\n")]
    [InlineData("12 mtime=1x\n")]
    [InlineData("9 uid=-1\n")]
    [InlineData("10 a\0b=cd\n")]
    public void A_pax_record_that_lies_is_refused(string record) => Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().PaxRaw('x', Encoding.UTF8.GetBytes(record)).File("a"));

    [Fact]
    public void A_pax_path_with_a_NUL_and_a_second_path_are_refused()
    {
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax(("path", [(byte)'a', 0, (byte)'b'])).File("a"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax(("path", "a"u8.ToArray()), ("path", "b"u8.ToArray())).File("a"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax("path", "a").Pax("path", "b").File("a"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().GnuLong('L', "a").GnuLong('L', "b").File("a"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().GnuLong('L', [(byte)'a', 0, (byte)'b']).File("a"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().File("a").Pax("path", "a"));
    }

    [Fact]
    public void An_extended_header_of_2_GB_is_refused_before_it_is_read()
    {
        foreach (var type in "xgLK")
        {
            var archive = new TarBuilder().Add(new() { Name = "x"u8.ToArray(), Type = type, Size = 2L << 30 }).End();
            var error = Refuse(ErrorIds.ArchiveLimitExceeded, archive);
            Assert.Contains(nameof(ExtractionLimits.MaxPaxHeaderBytes), error.Message, StringComparison.Ordinal);
        }
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().PaxGlobal(("comment", new byte[600_000])).PaxGlobal(("comment", new byte[600_000])).File("a"));
    }

    [Fact]
    public void Numbers_in_base_256()
    {
        Extract(new TarBuilder().Add(new()
        {
            Name = "a"u8.ToArray(),
            Uid = 3_000_000,
            Time = -10,
            Size = 1,
            Change = block =>
        {
            block.AsSpan(124, 12).Clear();
            block[124] = 0x80;
            block[135] = 1;
        }
        }, "x"u8));
        Assert.Equal((3_000_000u, -10L, "x"), (At("a").Uid, At("a").Seconds, Content("a")));
    }

    [Fact]
    public void Sizes_that_cannot_be_are_refused()
    {
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Add(new() { Name = "a"u8.ToArray(), Size = -1 }));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Add(new() { Name = "a"u8.ToArray(), Change = block => block.AsSpan(124, 12).Fill(0x9f) }));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Add(new() { Name = "a"u8.ToArray(), Change = block => "12x"u8.CopyTo(block.AsSpan(124)) }));
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().Add(new() { Name = "a"u8.ToArray(), Size = long.MaxValue }));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax("size", "-5").File("a"));
        Refuse(ErrorIds.ArchiveTruncated, new TarBuilder().Add(new() { Name = "a"u8.ToArray(), Size = 1 << 30 }));
    }

    [Fact]
    public void A_size_on_what_has_no_content_means_nothing()
    {
        Extract(new TarBuilder().File("t", "x").Add(new() { Name = "d/"u8.ToArray(), Type = '5', Size = 4096 }).Add(new() { Name = "h"u8.ToArray(), Type = '1', Link = "t"u8.ToArray(), Size = 1 })
            .Add(new() { Name = "l"u8.ToArray(), Type = '2', Link = "t"u8.ToArray(), Size = 700 }).File("f", "y"));
        Assert.Equal("d/ f h l t", Listing());
    }

    [Fact]
    public void A_checksum_may_be_of_signed_bytes_and_must_be_right()
    {
        var signed = new TarBuilder().Add(new() { Name = [0xc3, 0xa9, 0xff] }).End();
        var block = signed[..512];
        TarBuilder.WriteChecksum(block, signed: true);
        block.CopyTo(signed, 0);
        Extract(signed);
        Assert.Single(Directory.EnumerateFileSystemEntries(Root));

        var wrong = new TarBuilder().File("a", "x").File("b", "y").End();
        wrong[1024 + 5] ^= 1;
        var error = Refuse(ErrorIds.ArchiveCorrupt, wrong);
        Assert.Contains("byte 1024", error.Message, StringComparison.Ordinal);
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('D')]
    [InlineData('M')]
    [InlineData('V')]
    [InlineData('N')]
    [InlineData('A')]
    [InlineData('8')]
    [InlineData('\u0001')]
    public void An_unknown_type_is_refused_by_name(char type)
    {
        var error = Refuse(ErrorIds.ArchiveEntryUnsupported, new TarBuilder().Add(new() { Name = "odd"u8.ToArray(), Type = type }));
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contiguous_file_is_a_file()
    {
        Extract(new TarBuilder().Add(new() { Name = "c"u8.ToArray(), Type = '7', Size = 1 }, "x"u8));
        Assert.Equal("x", Content("c"));
    }

    [Fact]
    public void What_follows_the_end_is_digested_and_not_read()
    {
        byte[] junk = [.. Encoding.UTF8.GetBytes(new string('j', 3_000_001))];
        byte[] archive = [.. new TarBuilder().File("a", "x").End(), .. junk];
        var layer = Extract(archive);
        Assert.Equal("a", Listing());
        Assert.Equal(archive.Length, layer.ArchiveBytes);
        Assert.Equal(Digest.FromSha256(System.Security.Cryptography.SHA256.HashData(archive)), layer.DiffId);
        Extract([.. new TarBuilder().File("a", "x").End(), .. new TarBuilder().File("b", "y").End()]);
        Assert.Equal("a", Listing());
    }

    [Fact]
    public void A_lone_block_of_zeros_is_refused() => Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().File("a").Raw(new byte[512]).File("b"));

    [Fact]
    public void An_empty_layer_has_an_end_and_nothing_else()
    {
        var layer = Extract(new byte[1024]);
        Assert.Equal("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef", layer.DiffId.ToString());
        Assert.Equal(default, layer.Usage);
    }

    public static TheoryData<string> SparseForms => ["old", "old-extended", "0.0", "0.1", "1.0"];

    [Theory]
    [MemberData(nameof(SparseForms))]
    public void A_sparse_file_has_its_holes(string form)
    {
        (long Offset, long Length)[] map = form == "old-extended"
            ? [.. Enumerable.Range(0, 30).Select(index => (index * 1_000_000L, 40L)), (50_000_000, 0)]
            : [(1_000_000, 700), (20_000_000, 500), (50_000_000, 0)];
        var layer = Extract(Sparse(form, 50_000_000, map, Data).File("after", "x"));
        var node = At("s");
        Assert.Equal(50_000_000, node.Size);
        Assert.True(node.Blocks * 512 < 1_000_000, $"{node.Blocks} blocks are allocated");
        Assert.Equal(50_000_001, layer.Usage.Bytes);
        using var file = File.OpenRead(Path.Combine(Root, "s"));
        var position = 0;
        var piece = new byte[700];
        foreach (var (offset, length) in map)
        {
            file.Position = offset;
            file.ReadExactly(piece, 0, (int)length);
            Assert.Equal(Data.AsSpan(position, (int)length), piece.AsSpan(0, (int)length));
            position += (int)length;
        }
        file.Position = 0;
        file.ReadExactly(piece);
        Assert.Equal(form == "old-extended" ? Data[39] : 0, piece[39]);
        Assert.Equal(0, piece[40]);
        Assert.Equal("x", Content("after"));
    }

    [Theory]
    [MemberData(nameof(SparseForms))]
    public void A_sparse_map_that_lies_is_refused(string form)
    {
        if (form == "old-extended")
            return;
        Refuse(ErrorIds.ArchiveCorrupt, Sparse(form, 5000, [(0, 700), (600, 500)], Data));
        Refuse(ErrorIds.ArchiveCorrupt, Sparse(form, 5000, [(0, 700), (4900, 500)], Data));
        Refuse(ErrorIds.ArchiveCorrupt, Sparse(form, 5000, [(0, 700)], Data));
        Refuse(ErrorIds.ArchiveCorrupt, Sparse(form, 5000, [(0, 700), (1000, 5000)], Data));
        Refuse(ErrorIds.ArchiveLimitExceeded, Sparse(form, 1L << 36, [(0, 1200), (1L << 36, 0)], Data).End(), new ExtractionLimits { MaxFileBytes = 1L << 30 });
        Refuse(ErrorIds.ArchiveLimitExceeded, Sparse(form, 5000, [(0, 1200), (2000, 0), (3000, 0)], Data).End(), new ExtractionLimits { MaxSparseSegments = 2 });
    }

    [Fact]
    public void A_sparse_file_of_8_EiB_is_refused()
    {
        var limits = new ExtractionLimits { MaxFileBytes = long.MaxValue };
        Refuse(ErrorIds.ArchiveLimitExceeded, Sparse("old", long.MaxValue, [(0, 1200), (long.MaxValue, 0)], Data));
        // Where the limit allows it, the file system refuses.
        var error = Assert.Throws<StoreException>(() => Extract(Sparse("1.0", long.MaxValue, [(0, 1200), (long.MaxValue, 0)], Data).End(), limits: limits));
        Assert.Contains("'s'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_million_segments_are_refused()
    {
        var map = string.Join(",", Enumerable.Repeat("1,0", 260_000));
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().Pax(("GNU.sparse.map", TarBuilder.Text(map)), ("GNU.sparse.size", "5"u8.ToArray())).File("s").End(), new ExtractionLimits { MaxSparseSegments = 100_000 });
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "5"u8.ToArray())).File("s", "10000000\n"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "5"u8.ToArray())).File("s", "99999999999999999999\n"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "5"u8.ToArray())).File("s", "5\n1\n"));
        Refuse(ErrorIds.ArchiveEntryUnsupported, new TarBuilder().Pax(("GNU.sparse.major", "2"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "5"u8.ToArray())).File("s", "1\n"));
    }

    [Fact]
    public void Framing_and_content_together_are_the_archive()
    {
        byte[] archive =
        [
            .. new TarBuilder().PaxGlobal(("comment", "x"u8.ToArray())).Directory("d/").Pax("path", "d/long").File("d/f", Data).GnuLong('L', "d/gnu").File("x", "y").File("big", new byte[3_000_000]).End(),
            .. Sparse("1.0", 5000, [(0, 1200)], Data).End(), .. Data,
        ];
        byte[] sparse = [.. Sparse("1.0", 5000, [(0, 1200)], Data).End(), .. Data], old = [.. Sparse("old-extended", 5000, [.. Enumerable.Range(0, 30).Select(index => (index * 100L, 40L))], Data).End()];
        foreach (var bytes in (byte[][])[archive, sparse, old])
        {
            using var pump = new ArchivePump(new MemoryStream(bytes), ExtractionLimits.Default, null, default);
            using var seen = new MemoryStream();
            var reader = new TarReader(pump, ExtractionLimits.Default) { Framing = seen.Write };
            while (reader.Read())
            {
                Assert.Equal(seen.Length, reader.Entry.ContentOffset);
                for (var piece = reader.NextContent(); !piece.IsEmpty; piece = reader.NextContent())
                    seen.Write(piece);
            }
            reader.ReadToEnd();
            Assert.Equal(bytes, seen.ToArray());
        }
    }

    private static TarBuilder Sparse(string form, long size, (long Offset, long Length)[] map, byte[] data)
    {
        var builder = new TarBuilder();
        string N(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (form.StartsWith("old", StringComparison.Ordinal))
        {
            var blocks = new MemoryStream();
            for (var start = 4; start < map.Length; start += 21)
            {
                var block = new byte[512];
                for (var index = start; index < Math.Min(start + 21, map.Length); index++)
                {
                    TarBuilder.Number(block, (index - start) * 24, 12, map[index].Offset);
                    TarBuilder.Number(block, (index - start) * 24 + 12, 12, map[index].Length);
                }
                block[504] = (byte)(start + 21 < map.Length ? 1 : 0);
                blocks.Write(block);
            }
            builder.Add(new()
            {
                Name = "s"u8.ToArray(),
                Type = 'S',
                Magic = "ustar  \0",
                Size = data.Length,
                Change = block =>
                {
                    for (var index = 0; index < Math.Min(4, map.Length); index++)
                    {
                        TarBuilder.Number(block, 386 + index * 24, 12, map[index].Offset);
                        TarBuilder.Number(block, 398 + index * 24, 12, map[index].Length);
                    }
                    block[482] = (byte)(map.Length > 4 ? 1 : 0);
                    TarBuilder.Number(block, 483, 12, size);
                },
            });
            return builder.Raw(blocks.ToArray()).Content(data);
        }
        List<(string, byte[])> records = [("GNU.sparse.name", "s"u8.ToArray()), (form == "1.0" ? "GNU.sparse.realsize" : "GNU.sparse.size", TarBuilder.Text(N(size)))];
        switch (form)
        {
            case "0.0":
                records.RemoveAt(0);
                records.Add(("GNU.sparse.numblocks", TarBuilder.Text(N(map.Length))));
                foreach (var (offset, length) in map)
                {
                    records.Add(("GNU.sparse.offset", TarBuilder.Text(N(offset))));
                    records.Add(("GNU.sparse.numbytes", TarBuilder.Text(N(length))));
                }
                return builder.Pax([.. records]).File("s", data);
            case "0.1":
                records.Add(("GNU.sparse.map", TarBuilder.Text(string.Join(",", map.Select(part => $"{part.Offset},{part.Length}")))));
                return builder.Pax([.. records]).File("GNUSparseFile.1/s", data);
            default:
                records.Add(("GNU.sparse.major", "1"u8.ToArray()));
                records.Add(("GNU.sparse.minor", "0"u8.ToArray()));
                var text = TarBuilder.Text($"{map.Length}\n" + string.Concat(map.Select(part => $"{part.Offset}\n{part.Length}\n")));
                return builder.Pax([.. records]).File("GNUSparseFile.1/s", [.. text, .. new byte[-text.Length & 511], .. data]);
        }
    }
}
