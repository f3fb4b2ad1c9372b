using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>Images leave the store as they came in, in every format and compression.</summary>
public sealed class ImageExportTests
{
    public static TheoryData<string, ExportFormat, CompressionKind> Ways()
    {
        var ways = new TheoryData<string, ExportFormat, CompressionKind>();
        foreach (var driver in (string[])["overlay2", "vfs"])
            foreach (var format in Enum.GetValues<ExportFormat>())
                foreach (var compression in Enum.GetValues<CompressionKind>())
                    ways.Add(driver, format, compression);
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_exported_is_the_same_image_in_another_store_and_the_same_bytes_each_time(string driver, ExportFormat format, CompressionKind compression)
    {
        using var store = new ImportStore(driver);
        var first = store.Import(new ImageBuilder("shop:1.0", "registry.example.com:5000/team/shop:1").Layer(("etc/motd", "hello")).Layer(layer => layer.Whiteout("etc/motd").File("b", new byte[100_000])));
        var second = store.Import(new ImageBuilder("other:2").Layer(("etc/motd", "hello")).Layer(("c", "c")));
        var options = new ExportOptions { Format = format, Compression = compression };

        var archive = store.Store.Images.Export(["shop:1.0", "registry.example.com:5000/team/shop:1", "other:2"], store["out"], options);
        store.Store.Images.Export(["shop:1.0", "registry.example.com:5000/team/shop:1", "other:2"], store["again"], options);

        Assert.Equal((store["out"], format, compression, 3), (archive.FullName, archive.Format, archive.Compression, archive.LayerCount));
        Assert.Equal(["shop:1.0", "registry.example.com:5000/team/shop:1", "other:2"], archive.Images);
        Assert.Equal(Bytes(store["out"]), Bytes(store["again"]));
        Assert.Equal(Bytes(store["out"]).Sum(file => (long)file.Content.Length / 2), archive.Size);
        using var other = new ImportStore();
        var images = other.Import(store["out"]);
        Assert.Equal([first.Id, second.Id], images.Select(image => image.Id));
        Assert.Equal(["other:2", "registry.example.com:5000/team/shop:1", "shop:1.0"], other.Store.Images.List().Select(image => image.Reference).Order(StringComparer.Ordinal));
        Assert.Equal(store.Store.Layers.List().Select(layer => layer.ChainId).Order(), other.Store.Layers.List().Select(layer => layer.ChainId).Order());
    }

    [Fact]
    public void A_manifest_that_still_says_the_truth_is_kept()
    {
        using var store = new ImportStore();
        new ImageBuilder("app:1") { ChangeManifest = manifest => manifest["annotations"] = new System.Text.Json.Nodes.JsonObject { ["by"] = "us" } }.Layer(("a", "b")).WriteOciLayout(store["in"]);
        var image = store.Import(store["in"]).Single();

        store.Store.Images.Export(["app:1"], store["out"], new ExportOptions { Format = ExportFormat.OciLayout });

        using var other = new ImportStore();
        Assert.Equal(image.Digest, other.Import(store["out"]).Single().Digest);
    }

    [Fact]
    public void By_its_id_an_image_has_no_name_in_the_archive()
    {
        using var store = new ImportStore();
        var image = store.Import(new ImageBuilder("app:1").Layer(("a", "b")));
        Assert.Equal([image.Id], store.Store.Images.Export([image.Id], store["out"], new ExportOptions()).Images);
        using var other = new ImportStore();
        Assert.Empty(other.Import(store["out"]).Single().References);
    }

    [Theory]
    [InlineData(ExportFormat.DockerArchive)]
    [InlineData(ExportFormat.OciLayout)]
    public void What_exists_is_replaced_only_with_force_and_only_where_it_may_be(ExportFormat format)
    {
        using var store = new ImportStore();
        store.Import(new ImageBuilder("app:1").Layer(("a", "b")));
        var options = new ExportOptions { Format = format };
        store.Store.Images.Export(["app:1"], store["out"], options);
        var before = Bytes(store["out"]);

        Assert.Equal(ErrorIds.ExportPathExists, Assert.Throws<StoreException>(() => store.Store.Images.Export(["app:1"], store["out"], options)).ErrorId);
        store.Store.Images.Export(["app:1"], store["out"], options with { Force = true });
        Assert.Equal(before, Bytes(store["out"]));

        Directory.CreateDirectory(store["mine"]);
        File.WriteAllText(store["mine/precious"], "");
        File.WriteAllText(store["file"], "");
        var wrong = format == ExportFormat.OciLayout ? store["file"] : store["mine"];
        foreach (var path in new[] { store["mine"], wrong, "/dev/null" })
            Assert.Equal(ErrorIds.ExportPathExists, Assert.Throws<StoreException>(() => store.Store.Images.Export(["app:1"], path, options with { Force = true })).ErrorId);
        Assert.True(File.Exists(store["mine/precious"]));
        Assert.Equal(ErrorIds.PathInvalid, Assert.Throws<StoreException>(() => store.Store.Images.Export(["app:1"], store["no/where"], options)).ErrorId);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_failure_or_cancellation_leaves_nothing_and_what_was_there(string driver, ExportFormat format, CompressionKind compression)
    {
        using var store = new ImportStore(driver);
        var image = store.Import(new ImageBuilder("app:1").Layer(("a", "b")).Layer(("c", "d")));
        var options = new ExportOptions { Format = format, Compression = compression, Force = true };
        store.Store.Images.Export(["app:1"], store["out"], options);
        var place = Path.GetDirectoryName(store["out"])!;
        var (before, names) = (Bytes(store["out"]), Directory.GetFileSystemEntries(place).Order().ToList());
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => store.Store.Images.Export(["app:1"], store["out"], options, cancellation: cancelled.Token));
        File.WriteAllText(Path.Combine(store.Root, driver == "vfs" ? $"vfs/dir/{image.Layers[1]}/c" : $"overlay2/{image.Layers[1]}/diff/c"), "x");
        var error = Assert.Throws<StoreException>(() => store.Store.Images.Export(["app:1"], store["out"], options));

        Assert.Equal((ErrorIds.LayerFileChanged, "c"), (error.ErrorId, error.Target));
        Assert.Equal(before, Bytes(store["out"]));
        Assert.Equal(names, Directory.GetFileSystemEntries(place).Order());
    }

    [Fact]
    public void Layers_stay_while_they_are_exported_and_go_afterwards_where_nothing_needs_them()
    {
        using var store = new ImportStore();
        store.Import(new ImageBuilder("app:1").Layer(("a", "b")));
        var progress = new Removing(() => store.Store.Images.Remove("app:1"));
        store.Store.Images.Export(["app:1"], store["out"], new ExportOptions(), progress);
        Assert.True(progress.Removed);
        Assert.Empty(store.Store.Metadata.Layers.AllIds());
        Assert.Empty(store.Store.Driver.Enumerate());
    }

    private static List<(string Name, string Content)> Bytes(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (file[path.Length..], Convert.ToHexString(File.ReadAllBytes(file))))]
        : [("", Convert.ToHexString(File.ReadAllBytes(path)))];

    private sealed class Removing(Action remove) : IProgress<ExportProgress>
    {
        public bool Removed { get; private set; }

        public void Report(ExportProgress value)
        {
            if (!Removed)
                remove();
            Removed = true;
        }
    }
}
