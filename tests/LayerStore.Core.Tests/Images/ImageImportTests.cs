using System.Collections.Concurrent;
using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>Whole imports into a real store on a real driver.</summary>
public sealed class ImageImportTests
{
    private static readonly string Small = Path.Combine(AppContext.BaseDirectory, "data", "small.tar");

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void The_golden_archive_becomes_the_image_that_docker_has(string driver)
    {
        using var store = new ImportStore(driver);

        var image = store.Import(Small).Single();

        Assert.Equal("sha256:8a86c9c7acf7a4868f3a57a1856dbba05590701950840d5e7a3ef2b5bdc84cd7", image.Id);
        Assert.Equal("small", image.Repository);
        Assert.Equal("latest", image.Tag);
        Assert.Equal("small:latest", image.ToString());
        Assert.Equal("1.98MB", ByteSize.Format(image.Size));
        Assert.Equal(1, image.LayerCount);
        Assert.Equal("amd64", image.Architecture);
        Assert.Equal("linux", image.OperatingSystem);
        Assert.Equal(new DateTime(2023, 11, 14, 22, 15, 20, DateTimeKind.Utc), image.Created);
        Assert.Null(image.Digest);
        Assert.Equal(store.Root, image.Root);
        Assert.Equal("sha256:f6f4c801e907eeab79848e87cd3c48214e94fa0ceb9a38a4714ae4632ffb6438", store.Store.Layers.Get(image.Layers[0]).DiffId);
        Assert.Equivalent(image, store.Store.Images.Get("small"));
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Every_format_and_compression_gives_the_same_image_and_the_same_layers(string driver)
    {
        var image = new ImageBuilder("app:1").Layer(("etc/motd", "hello")).Layer(layer => layer.Whiteout("etc/motd").File("etc/issue", "there"));
        var layers = new HashSet<string>();
        foreach (var kind in (CompressionKind[])[CompressionKind.None, CompressionKind.Gzip, CompressionKind.Zstd])
        {
            foreach (var docker in (bool[])[false, true])
            {
                (image.Compression, image.CompressDockerLayers, image.DockerMediaTypes) = (kind, true, docker);
                foreach (var format in (string[])["docker", "oci", "layout"])
                {
                    using var store = new ImportStore(driver);
                    if (format == "docker")
                        image.WriteDockerArchive(store["image"]);
                    else if (format == "oci")
                        image.WriteOciArchive(store["image"]);
                    else
                        image.WriteOciLayout(store["image"]);

                    var imported = store.Import(store["image"]).Single();

                    Assert.Equal(image.Id, imported.Id);
                    Assert.Equal("app:1", imported.Reference);
                    layers.Add(string.Join(' ', store.Store.Layers.List().Select(layer => $"{layer.DiffId} {layer.ChainId} {layer.Size} {layer.Inodes} {layer.UncompressedSize}")));
                }
            }
        }
        Assert.Single(layers);
    }

    [Fact]
    public void An_archive_compressed_as_a_whole_and_a_pipe_are_imported_too()
    {
        using var store = new ImportStore();
        var gzip = ImageBuilder.Compress(File.ReadAllBytes(Small), CompressionKind.Gzip);
        File.WriteAllBytes(store["small.tar.gz"], gzip);
        var before = Directory.GetFileSystemEntries(store.Root).Order();

        Assert.Equal("small:latest", store.Import(store["small.tar.gz"]).Single().Reference);

        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [store["pipe"]]);
        mkfifo.WaitForExit();
        var writer = new Thread(() => File.WriteAllBytes(store["pipe"], gzip));
        writer.Start();
        Assert.Equal("small:latest", store.Import(store["pipe"]).Single().Reference);
        writer.Join();
        Assert.Equal(before, Directory.GetFileSystemEntries(store.Root).Order());
    }

    [Fact]
    public void A_layer_that_the_store_has_is_neither_extracted_nor_read_again()
    {
        using var store = new ImportStore();
        var lower = new LayerContent().File("a", "1");
        store.Import(new ImageBuilder("a:1").Layer(lower));
        var image = new ImageBuilder("b:1").Layer(lower).Layer(("b", "2"));
        var files = image.DockerFiles();
        files.Remove(image.DiffIds[0].Hex + "/layer.tar");
        files.WriteTar(store["without.tar"]);
        var progress = new Recorder();

        var imported = store.Import(store["without.tar"], progress: progress).Single();

        Assert.Equal(2, imported.LayerCount);
        Assert.Equal(2, store.Store.Layers.List().Count);
        Assert.Equal(store.Store.Images.Get("a:1").Layers[0], imported.Layers[0]);
        Assert.Contains(progress.Reports, report => report is { LayerIndex: 0, State: ImportState.AlreadyExists });
        Assert.DoesNotContain(progress.Reports, report => report is { LayerIndex: 0, State: not ImportState.AlreadyExists });
    }

    [Fact]
    public void Importing_again_changes_nothing()
    {
        using var store = new ImportStore();
        var first = store.Import(Small).Single();
        var traces = store.Traces();

        var second = store.Import(Small).Single();

        Assert.Equivalent(first, second);
        Assert.Equal(traces, store.Traces());
    }

    [Fact]
    public void One_layer_several_times_in_an_image_and_no_layer_at_all_are_images_too()
    {
        using var store = new ImportStore();
        var twice = new LayerContent().File("a", "1");

        var repeated = store.Import(new ImageBuilder("a:1").Layer(twice).Layer(("b", "2")).Layer(twice));
        var empty = store.Import(new ImageBuilder("empty:1"));

        Assert.Equal(3, repeated.Layers.Distinct().Count());
        Assert.Equal(3, repeated.Size);
        Assert.Equal(0, empty.LayerCount);
        Assert.Empty(empty.Layers);
        Assert.Equal(0, empty.Size);
    }

    [Fact]
    public void Images_before_a_damaged_one_stay()
    {
        using var store = new ImportStore();
        var good = new ImageBuilder("good:1").Layer(("a", "1"));
        var bad = new ImageBuilder("bad:1").Layer(("a", "1")).Layer(("b", "2"));
        ImageBuilder.WriteDockerArchive(store["both.tar"], good, bad);
        var files = ArchiveFiles.ReadTar(store["both.tar"]);
        files.Put(bad.DiffIds[1].Hex + "/layer.tar", new LayerContent().File("b", "3").ToTar());
        files.WriteTar(store["both.tar"]);

        var error = Assert.Throws<StoreException>(() => store.Import(store["both.tar"]));

        Assert.Equal(ErrorIds.LayerDigestMismatch, error.ErrorId);
        Assert.Contains(bad.DiffIds[1].Hex, error.Message, StringComparison.Ordinal);
        Assert.Contains(ImageBuilder.DigestOf(files[bad.DiffIds[1].Hex + "/layer.tar"]).Hex, error.Message, StringComparison.Ordinal);
        Assert.Equal(["good:1"], store.Store.Images.List().Select(image => image.Reference));
        Assert.Single(store.Store.Layers.List());
        Assert.Single(store.Store.Driver.Enumerate());
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void One_bad_layer_among_many_undoes_the_image(string driver)
    {
        using var store = new ImportStore(driver);
        var image = new ImageBuilder("many:1");
        for (var i = 0; i < 20; i++)
            image.Layer(($"file{i}", new string('x', 100_000)));
        var files = image.DockerFiles();
        files.Put(image.DiffIds[13].Hex + "/layer.tar", new LayerContent().File("other", "content").ToTar());
        files.WriteTar(store["many.tar"]);

        var error = store.ImportFails(store["many.tar"], ErrorIds.LayerDigestMismatch);

        Assert.Contains("layer 14 of 20", error.Message, StringComparison.Ordinal);
        image.WriteDockerArchive(store["good.tar"]);
        Assert.Equal(20, store.Import(store["good.tar"]).Single().LayerCount);
    }

    [Theory]
    [InlineData("overlay2", 100)]
    [InlineData("vfs", 20)]
    public void Many_tiny_layers_are_one_image(string driver, int count)
    {
        using var store = new ImportStore(driver);
        var image = new ImageBuilder("deep:1");
        for (var i = 0; i < count; i++)
            image.Layer(($"file{i}", "12"));

        var imported = store.Import(image);

        Assert.Equal(image.DiffIds.Select(id => id.ToString()), imported.Layers.Select(id => store.Store.Layers.Get(id).DiffId));
        Assert.Equal(2 * count, imported.Size);
    }

    [Fact]
    public void Progress_tells_every_layer_from_beginning_to_end()
    {
        using var store = new ImportStore();
        var image = new ImageBuilder("app:1").Layer(("a", new string('a', 3_000_000))).Layer(("b", "b"));
        var progress = new Recorder();

        store.Import(image, progress: progress);

        for (var i = 0; i < 2; i++)
        {
            var reports = progress.Reports.Where(report => report.LayerIndex == i).ToList();
            Assert.All(reports, report => Assert.Equal(("app:1", image.DiffIds[i], 2), (report.Image, report.Layer, report.LayerCount)));
            Assert.Equal(
                [ImportState.Extracting, ImportState.Extracted, ImportState.Complete],
                reports.Select(report => report.State).Distinct());
            Assert.Equal(0, reports[0].Bytes);
            Assert.Equal(image.Layers[i].Length, reports[^1].Bytes);
            Assert.All(reports, report => Assert.Equal(image.Layers[i].Length, report.TotalBytes));
            Assert.Equal(reports.Select(report => report.Bytes).Order(), reports.Select(report => report.Bytes));
        }
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void A_cancelled_import_leaves_nothing(string driver)
    {
        using var store = new ImportStore(driver);
        var image = new ImageBuilder("app:1");
        for (var i = 0; i < 8; i++)
            image.Layer(($"file{i}", new string('x', 2_000_000)));
        image.WriteDockerArchive(store["image.tar"]);
        var before = store.Traces();

        foreach (var when in (ImportState[])[ImportState.Extracting, ImportState.Extracted])
        {
            using var cancellation = new CancellationTokenSource();
            var progress = new Recorder(report =>
            {
                if (report.State == when && report.LayerIndex == 3)
                    cancellation.Cancel();
            });
            Assert.ThrowsAny<OperationCanceledException>(
                () => store.Store.Images.Import(store["image.tar"], new ImportOptions(), progress, cancellation.Token).ToList());
            Assert.Equal(before, store.Traces());
        }
        Assert.Equal(8, store.Import(store["image.tar"]).Single().LayerCount);
    }

    [Fact]
    public void Several_imports_of_one_image_at_once_share_its_layers()
    {
        using var store = new ImportStore();
        var image = new ImageBuilder("app:1");
        for (var i = 0; i < 10; i++)
            image.Layer(($"file{i}", new string('x', 200_000)));
        image.WriteDockerArchive(store["image.tar"]);
        var results = new ConcurrentBag<ContainerImage>();
        var errors = new ConcurrentBag<Exception>();

        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            try
            {
                using var other = Store.Open(new StoreOptions { Root = store.Root });
                foreach (var imported in other.Images.Import(store["image.tar"], new ImportOptions()))
                    results.Add(imported);
            }
#pragma warning disable CA1031 // Reported below.
            catch (Exception error)
#pragma warning restore CA1031
            {
                errors.Add(error);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(errors);
        Assert.Equal(4, results.Count);
        Assert.Single(results.Select(result => string.Join(' ', result.Layers)).Distinct());
        Assert.Equal(10, store.Store.Layers.List().Count);
        Assert.Equal(10, store.Store.Driver.Enumerate().Count());
    }

    [Fact]
    public void Given_names_replace_the_archives_own()
    {
        using var store = new ImportStore();

        var image = store.Import(new ImageBuilder("a:1").Layer(("a", "1")), new ImportOptions { References = ["mine:2", "quay.io/x/y"] });

        Assert.Equal("mine:2", image.Reference);
        Assert.Equal(["mine:2", "quay.io/x/y:latest"], image.References);
    }

    [Fact]
    public void A_name_with_a_digest_must_be_the_manifests()
    {
        using var store = new ImportStore();
        new ImageBuilder("a:1").Layer(("a", "1")).WriteOciArchive(store["a.tar"]);
        var digest = store.Import(store["a.tar"]).Single().Digest;

        store.ImportFails(store["a.tar"], ErrorIds.ReferenceInvalid, new ImportOptions { References = ["x@sha256:" + new string('0', 64)] });
        var image = store.Import(store["a.tar"], new ImportOptions { References = ["x@" + digest] }).Single();

        Assert.Equal("x@" + digest, image.Reference);
        Assert.Equal("<none>", image.Tag);
    }

    [Fact]
    public void A_hostile_layer_is_refused_with_the_layer_named_and_nothing_left()
    {
        using var store = new ImportStore();
        new ImageBuilder("a:1").Layer(("a", "1")).Layer(("../victim/x", "evil")).WriteDockerArchive(store["evil.tar"]);

        var error = store.ImportFails(store["evil.tar"], ErrorIds.ArchiveUnsafePath);

        Assert.Contains("../victim/x", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer 2 of 2 of 'a:1'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(store["victim"]));
    }

    [Fact]
    public void Damaged_layers_fail_with_their_own_ids_and_leave_nothing()
    {
        using var store = new ImportStore();
        var tar = new LayerContent().File("a", new string('x', 5000)).ToTar();

        // Content that is what the configuration says, and still no layer.
        new ImageBuilder("cut:1").RawLayer(tar[..2000]).WriteDockerArchive(store["cut.tar"]);
        store.ImportFails(store["cut.tar"], ErrorIds.ArchiveTruncated);
        new ImageBuilder("junk:1").RawLayer([.. Enumerable.Repeat((byte)'j', 4096)]).WriteDockerArchive(store["junk.tar"]);
        store.ImportFails(store["junk.tar"], ErrorIds.ArchiveCorrupt);
        new ImageBuilder("xz:1").RawLayer([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. new byte[1000]]).WriteDockerArchive(store["xz.tar"]);
        Assert.Contains("xz", store.ImportFails(store["xz.tar"], ErrorIds.ArchiveEncodingUnknown).Message, StringComparison.Ordinal);
        new ImageBuilder("large:1").RawLayer(tar).WriteDockerArchive(store["large.tar"]);
        store.ImportFails(store["large.tar"], ErrorIds.ArchiveLimitExceeded, new ImportOptions { Limits = new ExtractionLimits { MaxLayerBytes = 4000 } });

        var gzip = new ImageBuilder("gzip:1") { Compression = CompressionKind.Gzip, CompressDockerLayers = true }.RawLayer(tar);
        var files = gzip.DockerFiles();
        var name = gzip.DiffIds[0].Hex + "/layer.tar";
        files.Put(name, files[name][..^10]);
        files.WriteTar(store["gzip.tar"]);
        store.ImportFails(store["gzip.tar"], ErrorIds.ArchiveTruncated);
    }

    private sealed class Recorder(Action<ImportProgress>? also = null) : IProgress<ImportProgress>
    {
        private readonly ConcurrentQueue<ImportProgress> _reports = new();

        public IReadOnlyList<ImportProgress> Reports => [.. _reports];

        public void Report(ImportProgress value)
        {
            _reports.Enqueue(value);
            also?.Invoke(value);
        }
    }
}
