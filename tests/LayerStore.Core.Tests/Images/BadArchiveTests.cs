using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>Files that are no image archive, or a damaged one: a clear error with its own id, and nothing left in the store.</summary>
public sealed class BadArchiveTests : IDisposable
{
    private readonly ImportStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("nothing")]
    [InlineData("nothing/below")]
    [InlineData("file/below")]
    public void A_missing_archive_is_not_found(string name)
    {
        File.WriteAllText(_store["file"], "");

        var error = _store.ImportFails(_store[name], ErrorIds.ArchiveNotFound);

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_no_layout_says_what_was_looked_for()
    {
        Directory.CreateDirectory(_store["directory"]);

        var error = _store.ImportFails(_store["directory"], ErrorIds.ArchiveUnrecognized);

        Assert.Contains("manifest.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("oci-layout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layout_without_its_index_is_no_layout()
    {
        Directory.CreateDirectory(_store["directory"]);
        File.WriteAllText(_store["directory/oci-layout"], """{"imageLayoutVersion":"1.0.0"}""");

        _store.ImportFails(_store["directory"], ErrorIds.ArchiveUnrecognized);
    }

    [Theory]
    [InlineData("this is only text")]
    [InlineData("{\"json\": true}")]
    public void Another_file_is_not_recognised(string content)
    {
        File.WriteAllText(_store["file"], content + new string('x', 2000));
        _store.ImportFails(_store["file"], ErrorIds.ArchiveUnrecognized);

        File.WriteAllText(_store["file"], content);
        _store.ImportFails(_store["file"], ErrorIds.ArchiveUnrecognized);
    }

    [Fact]
    public void A_device_is_not_recognised() => _store.ImportFails("/dev/zero", ErrorIds.ArchiveUnrecognized);

    [Fact]
    public void An_empty_file_is_truncated()
    {
        File.WriteAllBytes(_store["file"], []);

        _store.ImportFails(_store["file"], ErrorIds.ArchiveTruncated);
    }

    [Theory]
    [InlineData("xz", new byte[] { 0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0 })]
    [InlineData("bzip2", new byte[] { (byte)'B', (byte)'Z', (byte)'h', (byte)'9' })]
    [InlineData("lz4", new byte[] { 0x04, 0x22, 0x4d, 0x18 })]
    public void An_unknown_compression_is_named(string name, byte[] start)
    {
        File.WriteAllBytes(_store["file"], [.. start, .. new byte[1000]]);

        var error = _store.ImportFails(_store["file"], ErrorIds.ArchiveEncodingUnknown);

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tar_file_without_a_manifest_is_not_recognised()
    {
        var files = new ArchiveFiles();
        files.Put("some/file", "content");
        files.WriteTar(_store["file"]);
        _store.ImportFails(_store["file"], ErrorIds.ArchiveUnrecognized);

        files.Put("repositories", "{}");
        files.WriteTar(_store["file"]);
        Assert.Contains("1.10", _store.ImportFails(_store["file"], ErrorIds.ArchiveUnrecognized).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_archive_that_is_cut_anywhere_fails_and_leaves_nothing(bool layout)
    {
        var image = new ImageBuilder("a:1").Layer(("etc/motd", "hello")).Layer(("etc/issue", "there"));
        if (layout)
            image.WriteOciArchive(_store["whole"]);
        else
            image.WriteDockerArchive(_store["whole"]);
        var content = File.ReadAllBytes(_store["whole"]);
        var end = content.AsSpan().LastIndexOfAnyExcept((byte)0);
        var before = _store.Traces();

        for (var length = 0; length <= end; length += 512)
        {
            File.WriteAllBytes(_store["cut"], content[..length]);
            var error = Assert.Throws<StoreException>(() => _store.Import(_store["cut"]));
            Assert.Equal(ErrorIds.ArchiveTruncated, error.ErrorId);
        }
        Assert.Equal(before, _store.Traces());
        Assert.Single(_store.Import(_store["whole"]));
    }

    [Fact]
    public void A_corrupt_header_of_the_archive_is_found()
    {
        new ImageBuilder("a:1").Layer(("etc/motd", "hello")).WriteDockerArchive(_store["whole"]);
        var content = File.ReadAllBytes(_store["whole"]);
        content[content.AsSpan().IndexOf("manifest.json"u8)] ^= 0xff;
        File.WriteAllBytes(_store["corrupt"], content);

        _store.ImportFails(_store["corrupt"], ErrorIds.ArchiveCorrupt);
    }

    [Theory]
    [InlineData(CompressionKind.Gzip)]
    [InlineData(CompressionKind.Zstd)]
    public void A_compressed_archive_that_is_cut_or_damaged_fails_and_leaves_nothing(CompressionKind kind)
    {
        new ImageBuilder("a:1").Layer(("etc/motd", new string('x', 100_000))).WriteDockerArchive(_store["whole"]);
        var content = ImageBuilder.Compress(File.ReadAllBytes(_store["whole"]), kind);

        foreach (var length in (int[])[20, content.Length / 2, content.Length - 1])
        {
            File.WriteAllBytes(_store["cut"], content[..length]);
            _store.ImportFails(_store["cut"], ErrorIds.ArchiveTruncated);
        }
        if (kind == CompressionKind.Gzip)
        {
            content[^6] ^= 0xff;
            File.WriteAllBytes(_store["damaged"], content);
            _store.ImportFails(_store["damaged"], ErrorIds.ArchiveCorrupt);
        }
    }

    [Fact]
    public void What_unpacks_to_more_than_allowed_is_refused()
    {
        new ImageBuilder("a:1").Layer(("zeros", new string('\0', 10_000_000))).WriteDockerArchive(_store["large"]);
        File.WriteAllBytes(_store["bomb"], ImageBuilder.Compress(File.ReadAllBytes(_store["large"]), CompressionKind.Gzip));

        var error = _store.ImportFails(_store["bomb"], ErrorIds.ArchiveLimitExceeded, new ImportOptions { MaxArchiveBytes = 1_000_000 });

        Assert.Contains(nameof(ImportOptions.MaxArchiveBytes), error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_obeys_nothing_that_an_archive_says()
    {
        var files = new ImageBuilder("a:1").Layer(("x", "y")).DockerFiles();
        files.ChangeJson("manifest.json", manifest => manifest[0]!["Config"] = "evil\u001b[2J\n.json");
        files.WriteTar(_store["file"]);

        _store.ImportFails(_store["file"], ErrorIds.BlobMissing);
    }

    [Fact]
    public void Names_can_be_given_to_one_image_only_and_must_be_names()
    {
        ImageBuilder.WriteDockerArchive(_store["two"], new ImageBuilder("a:1").Layer(("a", "a")), new ImageBuilder("b:1").Layer(("b", "b")));

        _store.ImportFails(_store["two"], ErrorIds.ReferenceInvalid, new ImportOptions { References = ["c:1"] });
        _store.ImportFails(_store["two"], ErrorIds.ReferenceInvalid, new ImportOptions { References = ["Not A Name"] });
    }

    [Fact]
    public void A_full_disk_is_said_and_leaves_nothing()
    {
        using var disk = new SmallDisk(12);
        using var store = new ImportStore(parent: disk.Path);
        var content = new byte[30_000_000];
        new Random(1).NextBytes(content);
        new ImageBuilder("a:1").Layer(("small", "x")).Layer(layer => layer.File("large", content)).WriteDockerArchive(_store["large"]);

        var error = store.ImportFails(_store["large"], ErrorIds.DiskFull);
        Assert.Equal(StoreErrorKind.NoSpace, error.Kind);

        File.WriteAllBytes(_store["packed"], ImageBuilder.Compress(File.ReadAllBytes(_store["large"]), CompressionKind.Gzip));
        store.ImportFails(_store["packed"], ErrorIds.DiskFull);

        // The store is as usable as before.
        Assert.Equal("b:1", store.Import(new ImageBuilder("b:1").Layer(("small", "x"))).Reference);
    }
}
