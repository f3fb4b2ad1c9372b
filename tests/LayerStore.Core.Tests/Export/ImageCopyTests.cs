using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>Images go from store to store as they are.</summary>
public sealed class ImageCopyTests : IDisposable
{
    private readonly ImportStore _store = new("vfs");

    public void Dispose() => _store.Dispose();

    [RootTheory]
    [InlineData("vfs")]
    [InlineData("overlay2")]
    public void A_copy_is_the_same_image_with_the_same_layers_and_manifest(string driver)
    {
        using var other = new ImportStore(driver);
        Copy(_store, other);
    }

    [Fact]
    public void A_layer_that_the_other_store_has_is_not_read_again()
    {
        _store.Import(new ImageBuilder("a:1").Layer(("base", "base")).Layer(("a", "a")));
        var second = _store.Import(new ImageBuilder("b:1").Layer(("base", "base")).Layer(("b", "b")));
        using var other = new ImportStore("vfs");
        _store.Store.Images.CopyTo(other.Store.Images, "a:1");
        // Whoever read it now would see that it has changed.
        File.WriteAllText(Path.Combine(_store.Root, "vfs", "dir", second.Layers[0], "base"), "evil");
        var states = new List<ImportState>();

        var copy = _store.Store.Images.CopyTo(other.Store.Images, second.Id, progress: new Progress(report => states.Add(report.State)));

        Assert.Equal(1, states.Count(state => state == ImportState.AlreadyExists));
        Assert.Equal((second.Id, 0, 3), (copy.Id, copy.References.Count, other.Store.Layers.List().Count));
    }

    [Fact]
    public void A_layer_that_has_changed_in_the_store_goes_nowhere()
    {
        var image = _store.Import(new ImageBuilder("app:1").Layer(("a", "a")).Layer(("b", "b")));
        File.WriteAllText(Path.Combine(_store.Root, "vfs", "dir", image.Layers[1], "b"), "c");
        using var other = new ImportStore("vfs");
        var before = other.Traces();

        var error = Assert.Throws<StoreException>(() => _store.Store.Images.CopyTo(other.Store.Images, "app:1"));

        Assert.Equal(ErrorIds.LayerFileChanged, error.ErrorId);
        Assert.Equal(before, other.Traces());
    }

    [RootTheory]
    [InlineData("vfs")]
    [InlineData("overlay2")]
    public void Stopped_it_leaves_the_other_store_as_it_was(string driver)
    {
        _store.Import(new ImageBuilder("app:1").Layer(("a", "a")).Layer(layer => layer.File("big", new byte[40_000_000])).Layer(("b", "b")));
        using var other = new ImportStore(driver);
        var before = other.Traces();
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => _store.Store.Images.CopyTo(
            other.Store.Images, "app:1", progress: new Progress(report => { if (report.State == ImportState.Extracted) stop.Cancel(); }), cancellation: stop.Token));

        Assert.Equal(before, other.Traces());
        Assert.Equal(3, _store.Store.Images.CopyTo(other.Store.Images, "app:1").LayerCount);
    }

    [Fact]
    public void A_digest_in_the_name_stays_true()
    {
        new ImageBuilder("app:1").Layer(("a", "a")).WriteOciLayout(_store["in"]);
        var digest = _store.Import(_store["in"]).Single().Digest;
        var name = $"registry.example.com/app@{digest}";
        _store.Import(_store["in"], new ImportOptions { References = [name] });
        using var other = new ImportStore("vfs");

        Assert.Equal(name, _store.Store.Images.CopyTo(other.Store.Images, name).Reference);
    }

    /// <summary>An image goes from one store into another; neither had layers.</summary>
    internal static void Copy(ImportStore store, ImportStore other)
    {
        new ImageBuilder("app:1") { Compression = CompressionKind.Gzip }.Layer(("etc/motd", "hello"), ("b", new string('b', 3_000_000))).Layer(layer => layer.Whiteout("etc/motd").File("c", "c")).WriteOciLayout(store["in"]);
        var image = store.Import(store["in"]).Single();

        var copy = store.Store.Images.CopyTo(other.Store.Images, "app:1");

        Assert.Equal((image.Id, image.Digest, "app:1", image.Size), (copy.Id, copy.Digest, copy.Reference, copy.Size));
        Assert.Equal(store.Store.Layers.List().Select(layer => (layer.ChainId, layer.DiffId, layer.UncompressedSize, layer.Size)), other.Store.Layers.List().Select(layer => (layer.ChainId, layer.DiffId, layer.UncompressedSize, layer.Size)));
        Assert.Equal(Archive(store, image.Layers[1]), Archive(other, copy.Layers[1]));
    }

    private static byte[] Archive(ImportStore store, string layer)
    {
        using var archive = new MemoryStream();
        store.Store.Layers.WriteArchive(layer, archive);
        return archive.ToArray();
    }

    private sealed class Progress(Action<ImportProgress> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            lock (this)
                report(value);
        }
    }
}
