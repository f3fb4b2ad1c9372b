using System.Text;
using System.Text.Json.Nodes;
using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Images.Formats;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>What archives are recognised, and which images they are said to hold. No store is needed for that.</summary>
public sealed class ImageArchiveTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_golden_docker_archive_is_read()
    {
        using var archive = Open(Path.Combine(AppContext.BaseDirectory, "data", "small.tar"));

        var image = archive.Load(0);

        Assert.Equal(1, archive.Count);
        Assert.Equal("sha256:8a86c9c7acf7a4868f3a57a1856dbba05590701950840d5e7a3ef2b5bdc84cd7", image.Config.Id.ToString());
        Assert.Equal(["small:latest"], image.Names.Select(name => name.Familiar));
        Assert.Single(image.Layers);
        using var layer = archive.OpenLayer(image.Layers[0]);
        Assert.Equal(2129920, layer.Length);
        Assert.Equal(image.Layers[0].DiffId, ImageBuilder.DigestOf(ReadAll(layer)));
    }

    [Fact]
    public void Every_format_gives_the_same_image()
    {
        var image = TwoLayers("app:1.0");
        image.WriteDockerArchive(_directory["docker.tar"]);
        image.DockerFiles().WriteDirectory(_directory["docker"]);
        image.WriteOciArchive(_directory["oci.tar"]);
        image.WriteOciLayout(_directory["oci"]);
        File.WriteAllBytes(_directory["docker.tar.gz"], ImageBuilder.Compress(File.ReadAllBytes(_directory["docker.tar"]), CompressionKind.Gzip));
        File.WriteAllBytes(_directory["oci.tar.zst"], ImageBuilder.Compress(File.ReadAllBytes(_directory["oci.tar"]), CompressionKind.Zstd));

        foreach (var name in (string[])["docker.tar", "docker", "oci.tar", "oci", "docker.tar.gz", "oci.tar.zst"])
        {
            using var archive = Open(_directory[name]);
            var loaded = archive.Load(0);
            Assert.Equal(image.Id, loaded.Config.Id.ToString());
            Assert.Equal(["app:1.0"], loaded.Names.Select(reference => reference.Familiar));
            Assert.Equal(image.DiffIds, loaded.Layers.Select(layer => layer.DiffId));
            for (var i = 0; i < 2; i++)
            {
                using var layer = archive.OpenLayer(loaded.Layers[i]);
                Assert.Equal(image.Layers[i], ReadAll(layer));
            }
        }
        Assert.Empty(Directory.GetFiles(_directory.Path, ".*"));
    }

    [Fact]
    public void A_layout_keeps_its_manifest_and_docker_media_types_are_understood()
    {
        var image = TwoLayers("app:1.0");
        image.DockerMediaTypes = true;
        image.Compression = CompressionKind.Gzip;
        image.WriteOciLayout(_directory["oci"]);

        using var archive = Open(_directory["oci"]);
        var loaded = archive.Load(0);

        Assert.Equal(ImageBuilder.DockerManifest, loaded.ManifestMediaType);
        Assert.Equal(loaded.ManifestDigest, ImageBuilder.DigestOf(loaded.Manifest!));
        Assert.Equal(image.DiffIds, loaded.Layers.Select(layer => layer.DiffId));
        Assert.All(loaded.Layers, layer => Assert.NotEqual(layer.DiffId, layer.Digest));
    }

    [Fact]
    public void A_docker_archive_holds_several_images_and_untagged_ones()
    {
        var first = TwoLayers("a:1", "b:2", "a:1");
        var second = new ImageBuilder().Layer(("x", "y"));
        ImageBuilder.WriteDockerArchive(_directory["both.tar"], first, second, TwoLayers("c:3"));

        using var archive = Open(_directory["both.tar"]);

        Assert.Equal(2, archive.Count);
        Assert.Equal(["a:1", "b:2", "c:3"], archive.Load(0).Names.Select(name => name.Familiar));
        Assert.Empty(archive.Load(1).Names);
        Assert.Equal(second.Id, archive.Load(1).Config.Id.ToString());
    }

    [Fact]
    public void Links_and_dot_names_and_duplicates_within_an_archive_are_followed()
    {
        var image = new ImageBuilder("a:1").Layer(("x", "y"));
        var files = image.DockerFiles();
        var layer = files.Names.Single(name => name.EndsWith("layer.tar", StringComparison.Ordinal));
        files.Put("./shared/../shared/content.tar", files[layer]);
        files.PutLink(layer, "../shared/./content.tar");
        files.Put("./manifest.json", files["manifest.json"]);
        files.Put("manifest.json", "[]");
        // The second entry of that name is put behind the first and wins, as with tar.
        var right = files["./manifest.json"];
        files.Remove("./manifest.json");
        files.Put("./manifest.json", right);
        files.WriteTar(_directory["links.tar"]);

        using var archive = Open(_directory["links.tar"]);
        using var content = archive.OpenLayer(archive.Load(0).Layers[0]);

        Assert.Equal(image.Layers[0], ReadAll(content));
    }

    [Theory]
    [InlineData("../../etc/passwd", ErrorIds.ArchiveUnsafePath)]
    [InlineData("/etc/passwd", ErrorIds.ArchiveUnsafePath)]
    [InlineData("../nothing", ErrorIds.BlobMissing)]
    [InlineData("layer.tar", ErrorIds.ArchiveUnsafePath)]
    public void Links_that_lead_nowhere_or_out_of_the_archive_are_refused(string target, string errorId)
    {
        var files = new ImageBuilder("a:1").Layer(("x", "y")).DockerFiles();
        files.PutLink(files.Names.Single(name => name.EndsWith("layer.tar", StringComparison.Ordinal)), target);
        files.WriteTar(_directory["links.tar"]);

        using var archive = Open(_directory["links.tar"]);
        var layer = archive.Load(0).Layers[0];

        Assert.Equal(errorId, Assert.Throws<StoreException>(() => archive.OpenLayer(layer)).ErrorId);
    }

    [Fact]
    public void No_symbolic_link_leads_out_of_a_layout_directory()
    {
        var image = TwoLayers("a:1");
        image.WriteOciLayout(_directory["oci"]);
        var blob = Path.Combine(_directory["oci"], "blobs", "sha256", image.DiffIds[0].Hex);
        File.Move(blob, _directory["outside"]);
        File.CreateSymbolicLink(blob, _directory["outside"]);

        using var archive = Open(_directory["oci"]);
        var layer = archive.Load(0).Layers[0];

        var error = Assert.Throws<StoreException>(() => archive.OpenLayer(layer));
        Assert.Equal(ErrorIds.ArchiveUnsafePath, error.ErrorId);

        // Inside it is no harm.
        File.Delete(blob);
        File.Move(_directory["outside"], Path.Combine(_directory["oci"], "inside"));
        File.CreateSymbolicLink(blob, "../../inside");
        using var content = archive.OpenLayer(layer);
        Assert.Equal(image.Layers[0], ReadAll(content));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_is_read_through_its_handle_with_and_without_openat2(bool useOpenAt2)
    {
        Directory.CreateDirectory(_directory["d/sub"]);
        File.WriteAllText(_directory["d/sub/file"], "inside");
        File.WriteAllText(_directory["outside"], "outside");
        File.CreateSymbolicLink(_directory["d/absolute"], _directory["outside"]);
        File.CreateSymbolicLink(_directory["d/relative"], "../outside");
        File.CreateSymbolicLink(_directory["d/up"], "..");
        using var source = new DirectoryBlobSource(DirectoryHandle.OpenPlace(_directory["d"]), _directory["d"], useOpenAt2);

        using (var file = source.TryOpen("sub/file"))
            Assert.Equal("inside"u8, ReadAll(file!));
        Assert.Null(source.TryOpen("missing"));
        Assert.Null(source.TryOpen("sub/file/below"));
        foreach (var name in (string[])["absolute", "relative", "../outside", "/etc/passwd", "sub/../../outside"])
            Assert.Equal(ErrorIds.ArchiveUnsafePath, Fault(() => source.TryOpen(name)!).ErrorId);
        // Without openat2 the link is seen as no directory; either way nothing is read through it.
        Assert.True(Record.Exception(() => Assert.Null(source.TryOpen("up/outside"))) is null or StoreException { ErrorId: ErrorIds.ArchiveUnsafePath });
        Assert.Equal(ErrorIds.ArchiveUnrecognized, Fault(() => source.TryOpen("sub")!).ErrorId);
    }

    [Theory]
    [InlineData("petclinic:1.0", "oci", "petclinic:1.0")]
    [InlineData("localhost/petclinic", "oci", "localhost/petclinic:latest")]
    [InlineData("1.0", "petclinic", "petclinic:1.0")]
    [InlineData("1.0", "petclinic.oci.tar", "petclinic:1.0")]
    [InlineData("latest", "Not A Name", null)]
    [InlineData("Not/A Name", "oci", null)]
    public void A_reference_name_is_a_reference_or_a_tag_of_the_layouts_own_name(string annotation, string file, string? expected)
    {
        var files = ImageBuilder.OciFiles(TwoLayers(annotation));
        if (file.EndsWith(".tar", StringComparison.Ordinal))
            files.WriteTar(_directory[file]);
        else
            files.WriteDirectory(_directory[file]);

        using var archive = Open(_directory[file]);

        Assert.Equal(expected is null ? [] : [expected], archive.Load(0).Names.Select(name => name.Familiar));
    }

    [Fact]
    public void Docker_25_and_containerd_write_both_formats_and_the_whole_name()
    {
        var image = TwoLayers("1.0");
        var files = ImageBuilder.OciFiles(image);
        files.ChangeJson("index.json", index =>
            index["manifests"]![0]!["annotations"]!["io.containerd.image.name"] = "docker.io/library/petclinic:1.0");
        files.Put("manifest.json", new ImageBuilder("petclinic:1.0").DockerFiles()["manifest.json"]);
        files.WriteTar(_directory["both.tar"]);

        using var archive = Open(_directory["both.tar"]);
        var loaded = archive.Load(0);

        Assert.Equal(["petclinic:1.0"], loaded.Names.Select(name => name.Familiar));
        Assert.Equal(image.Id, loaded.Config.Id.ToString());
        Assert.NotNull(loaded.ManifestDigest);
    }

    [Fact]
    public void One_image_under_several_names_is_one_image()
    {
        ImageBuilder.OciFiles(TwoLayers("a:1", "b:1"), new ImageBuilder("c:1").Layer(("c", "c"))).WriteTar(_directory["names.tar"]);

        using var archive = Open(_directory["names.tar"]);

        Assert.Equal(2, archive.Count);
        Assert.Equal(["a:1", "b:1"], archive.Load(0).Names.Select(name => name.Familiar));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_an_index_the_platform_asked_for_is_taken_or_this_machines(bool dockerMediaTypes)
    {
        var images = Platforms();
        foreach (var image in images)
            image.DockerMediaTypes = dockerMediaTypes;
        ImageBuilder.OciFilesOfPlatforms("app:1", images).WriteTar(_directory["index.tar"]);

        Assert.Equal(images.Single(image => image.Architecture == Platform.Current.Architecture && image.Variant is null).Id, Single(null));
        Assert.Equal(images[2].Id, Single("linux/arm/v7"));
        Assert.Equal(images[1].Id, Single("linux/arm64/v8"));

        var error = Assert.Throws<StoreException>(() => Single("linux/s390x"));
        Assert.Equal(ErrorIds.ImagePlatformNotFound, error.ErrorId);
        Assert.Contains("linux/s390x", error.Message, StringComparison.Ordinal);
        Assert.Contains("linux/arm/v7", error.Message, StringComparison.Ordinal);

        string Single(string? platform)
        {
            using var archive = Open(_directory["index.tar"], new ImportOptions { Platform = platform });
            Assert.Equal(1, archive.Count);
            return archive.Load(0).Config.Id.ToString();
        }
    }

    [Fact]
    public void All_platforms_can_be_taken_and_the_name_stays_with_this_machines()
    {
        ImageBuilder.OciFilesOfPlatforms("app:1", Platforms()).WriteTar(_directory["index.tar"]);

        using var archive = Open(_directory["index.tar"], new ImportOptions { AllPlatforms = true });
        var loaded = Enumerable.Range(0, archive.Count).Select(archive.Load).ToList();

        Assert.Equal(3, loaded.Count);
        Assert.Equal("app:1", loaded.Single(image => image.Config.Platform == Platform.Current).Names[0].Familiar);
        Assert.All(loaded.Where(image => image.Config.Platform != Platform.Current),
            image => Assert.Equal($"app@{image.ManifestDigest}", image.Names[0].Familiar));
    }

    [Fact]
    public void The_only_image_of_an_index_is_taken_whatever_it_is_for_unless_a_platform_is_asked_for()
    {
        var image = new ImageBuilder { Architecture = "s390x" }.Layer(("a", "b"));
        ImageBuilder.OciFilesOfPlatforms("app:1", image).WriteTar(_directory["index.tar"]);

        using (var archive = Open(_directory["index.tar"]))
            Assert.Equal(image.Id, archive.Load(0).Config.Id.ToString());
        Assert.Equal(ErrorIds.ImagePlatformNotFound, Fault(() => Open(_directory["index.tar"], new ImportOptions { Platform = "linux/amd64" })).ErrorId);
    }

    [Fact]
    public void Attestations_artifacts_and_platforms_left_out_are_passed_over()
    {
        var images = Platforms();
        var files = ImageBuilder.OciFilesOfPlatforms("app:1", images);
        var nested = files.Names.Single(name => name.StartsWith("blobs/", StringComparison.Ordinal) && Encoding.UTF8.GetString(files[name]).Contains("\"manifests\"", StringComparison.Ordinal));
        var index = JsonNode.Parse(files[nested])!;
        var children = (JsonArray)index["manifests"]!;
        // What docker save of one platform leaves of the others: descriptors without blobs.
        foreach (var child in children.Where(child => (string)child!["platform"]!["architecture"]! != Platform.Current.Architecture))
            files.Remove("blobs/sha256/" + ((string)child!["digest"]!)["sha256:".Length..]);
        var attestation = files.PutBlob(Encoding.UTF8.GetBytes("{}"), ImageBuilder.OciManifest);
        attestation["platform"] = new JsonObject { ["os"] = "unknown", ["architecture"] = "unknown" };
        children.Add((JsonNode)attestation);
        var descriptor = files.PutBlob(ImageBuilder.Bytes(index), ImageBuilder.OciIndex);
        descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "app:1" };
        var chart = new ImageBuilder { ChangeManifest = manifest => manifest["config"]!["mediaType"] = "application/vnd.cncf.helm.config.v1+json" }.Layer(("chart", "x"));
        ImageBuilder.WithIndex(files, [descriptor, chart.PutOciManifest(files)]);
        files.WriteTar(_directory["index.tar"]);

        using var archive = Open(_directory["index.tar"]);

        Assert.Equal(1, archive.Count);
        Assert.Equal(Platform.Current, archive.Load(0).Config.Platform);
    }

    [Fact]
    public void Unnamed_entries_for_different_platforms_are_one_image_and_others_are_several()
    {
        var images = Platforms();
        var files = new ArchiveFiles();
        var manifests = new JsonArray();
        foreach (var image in images)
        {
            var descriptor = image.PutOciManifest(files);
            descriptor["platform"] = new JsonObject { ["os"] = image.Os, ["architecture"] = image.Architecture, ["variant"] = image.Variant };
            manifests.Add((JsonNode)descriptor);
        }
        ImageBuilder.WithIndex(files, manifests).WriteTar(_directory["platforms.tar"]);
        ImageBuilder.OciFiles(images).WriteTar(_directory["several.tar"]);

        using var platforms = Open(_directory["platforms.tar"]);
        using var several = Open(_directory["several.tar"]);

        Assert.Equal(1, platforms.Count);
        Assert.Equal(3, several.Count);
    }

    [Fact]
    public void A_pipe_is_spooled_to_a_file_without_a_name()
    {
        TwoLayers("a:1").WriteDockerArchive(_directory["a.tar"]);
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [_directory["pipe"]]);
        mkfifo.WaitForExit();
        var writer = new Thread(() => File.WriteAllBytes(_directory["pipe"], File.ReadAllBytes(_directory["a.tar"])));
        writer.Start();

        using var archive = Open(_directory["pipe"]);
        writer.Join();

        Assert.Equal(["a:1"], archive.Load(0).Names.Select(name => name.Familiar));
        Assert.Equal(["a.tar", "pipe"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Waiting_for_a_pipes_writer_can_be_cancelled()
    {
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [_directory["pipe"]]);
        mkfifo.WaitForExit();
        using var cancellation = new CancellationTokenSource(100);

        Assert.Throws<OperationCanceledException>(() => ImageArchive.Open(_directory["pipe"], new ImportOptions(), _directory.Path, cancellation.Token));
    }

    private static ImageBuilder TwoLayers(params string[] names) => new ImageBuilder(names).Layer(("etc/motd", "hello")).Layer(("etc/issue", "there"));

    private static ImageBuilder[] Platforms() =>
    [
        new ImageBuilder { Architecture = "amd64" }.Layer(("a", "amd64")),
        new ImageBuilder { Architecture = "arm64" }.Layer(("a", "arm64")),
        new ImageBuilder { Architecture = "arm", Variant = "v7" }.Layer(("a", "arm")),
    ];

    private static StoreException Fault(Func<object> action) => Assert.Throws<StoreException>(action);

    private static byte[] ReadAll(Stream stream)
    {
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        Assert.Equal(0, stream.Read(new byte[1]));
        return content;
    }

    private ImageArchive Open(string path, ImportOptions? options = null) =>
        ImageArchive.Open(path, options ?? new ImportOptions(), _directory.Path, CancellationToken.None);
}
