using LayerStore.Archives;
using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Registries;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Layers;

/// <summary>Layers that the database knows and whose files somebody deleted: whoever brings them again lays them anew, and nobody says that they are there.</summary>
public sealed class LostLayerTests : IDisposable
{
    private const int Killed = 137;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Prepare.", true)]
    [InlineData("CompleteApply.", true)]
    [InlineData("Sync.", true)]
    [InlineData("Rename", true)]
    [InlineData("Rename.", false)]
    [InlineData("Committing", false)]
    [InlineData("Committed", false)]
    public void A_repair_that_is_killed_leaves_the_layer_lost_or_whole(string step, bool lost)
    {
        string[] layers;
        using (var store = _folder.Open())
        {
            StoreFolder.Import(store, "a:1", "one", "two");
            layers = [.. store.Layers.List().Select(layer => layer.Id)];
        }
        Lose(layers[0]);
        Assert.Equal(Killed, Child.Run("import", _folder.Root, step, "a:1", "one", "two").ExitCode);
        using var next = _folder.Open();
        Assert.Equal(lost ? [layers[1]] : layers.Order(StringComparer.Ordinal), _folder.LayersOnDisk());
        StoreFolder.Import(next, "a:1", "one", "two");
        Assert.Equal(layers, next.Layers.List().Select(layer => layer.Id));
        Assert.Equal("one", File.ReadAllText(Path.Combine(_folder.Root, "plain", layers[0], "diff", "content")));
        LayerIngestTests.AssertSettled(next);
    }

    [Fact]
    public async Task Of_many_imports_that_find_a_layer_lost_one_lays_it()
    {
        string layer;
        using (var store = _folder.Open())
        {
            StoreFolder.Import(store, "a:1", "one", "two");
            layer = store.Layers.List()[0].Id;
        }
        Lose(layer);
        var renamed = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var store = _folder.Open(step => _ = step == "Rename" ? Interlocked.Increment(ref renamed) : 0);
            StoreFolder.Import(store, $"b:{i}", "one", "two");
        })));
        Assert.Equal(1, renamed);
        using var all = _folder.Open();
        Assert.Equal(2, _folder.LayersOnDisk().Count);
        LayerIngestTests.AssertSettled(all);
    }

    [Fact]
    public void What_came_back_while_it_was_laid_anew_stays()
    {
        using var store = _folder.Open();
        StoreFolder.Import(store, "a:1", "one");
        var layer = store.Layers.List()[0].Id;
        var (path, elsewhere) = (Path.Combine(_folder.Root, "plain", layer), Path.Combine(_folder.Base, "elsewhere"));
        Directory.Move(path, elsewhere);
        StoreFolder.Import(store, "a:1", step =>
        {
            if (step != "Completed")
                return;
            Directory.Move(elsewhere, path);
            File.WriteAllText(Path.Combine(path, "mark"), "the first one");
        }, "one");
        Assert.Equal("the first one", File.ReadAllText(Path.Combine(path, "mark")));
        LayerIngestTests.AssertSettled(store);
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void An_import_that_cannot_repair_says_so_and_leaves_nothing(string driver)
    {
        using var store = new ImportStore(driver);
        var image = store.Import(NewImage());
        LostLayer.Delete(store.Store, image.Layers[0]);
        var archive = File.ReadAllBytes(store["image.tar"]);
        archive[archive.AsSpan().IndexOf("of the lower"u8)] = (byte)'O';
        File.WriteAllBytes(store["damaged.tar"], archive);
        store.ImportFails(store["damaged.tar"], ErrorIds.LayerDigestMismatch);
        Assert.Equal(image.Layers, store.Import(store["image.tar"]).Single().Layers);
        Assert.Empty(store.Store.Driver.FindLost([.. image.Layers.Select(LayerId.Parse)]));
    }

    [Fact]
    public void A_layer_by_itself_is_laid_anew_and_goes_on_no_parent_that_is_lost()
    {
        using var store = new ImportStore("vfs");
        var builder = NewImage();
        File.WriteAllBytes(store["lower.tar"], builder.Layers[0]);
        File.WriteAllBytes(store["upper.tar"], builder.Layers[1]);
        var lower = store.Store.Images.ImportLayer(store["lower.tar"]);
        LostLayer.Delete(store.Store, lower.Id);

        var error = Assert.Throws<StoreException>(() => store.Store.Images.ImportLayer(store["upper.tar"], new LayerImportOptions { Parent = lower.Id }));
        Assert.Equal(ErrorIds.LayerNotFound, error.ErrorId);
        Assert.Contains(lower.Id, error.Message, StringComparison.Ordinal);
        Assert.Equal(lower.Id, store.Store.Images.ImportLayer(store["lower.tar"]).Id);
        using var archive = new MemoryStream();
        store.Store.Layers.WriteArchive(lower.Id, archive);
        Assert.Equal(builder.Layers[0], archive.ToArray());
        Assert.Equal(lower.Id, store.Store.Images.ImportLayer(store["upper.tar"], new LayerImportOptions { Parent = lower.Id }).ParentId);
        LayerIngestTests.AssertSettled(store.Store);
    }

    [Fact]
    public void A_pull_lays_it_anew_and_an_image_with_such_a_layer_is_none_that_is_present()
    {
        using var store = new RegistryStore();
        using var registry = new FakeRegistry(new ImageBuilder { Compression = CompressionKind.Gzip }.Layer(("a", "1")).Layer(("b", "2")));
        var image = store.Pull(registry.Reference);
        Assert.NotNull(store.Store.Registries.FindPresent(registry.Reference));
        var blobs = registry.BlobRequests.Count;
        LostLayer.Delete(store.Store, image.Layers[1]);

        Assert.Null(store.Store.Registries.FindPresent(registry.Reference));
        Assert.Equal(image.Layers, store.Pull(registry.Reference).Layers);
        // The configuration, and the layer that is lost.
        Assert.Equal(blobs + 2, registry.BlobRequests.Count);
        Assert.NotNull(store.Store.Registries.FindPresent(registry.Reference));
        LayerIngestTests.AssertSettled(store.Store);
    }

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_container_that_becomes_the_same_layer_again_brings_it_back(bool removes)
    {
        using var store = new ImportStore("overlay2");
        store.Import(NewImage());
        store.Store.Containers.Create(new ContainerOptions { Image = "app:1", Name = "c1" });
        File.WriteAllText(Path.Combine(store.Store.Containers.Mount("c1").Path, "new"), new string('x', 200_000));
        store.Store.Containers.Dismount("c1");
        var first = store.Store.Containers.Commit("c1", new CommitOptions());
        LostLayer.Delete(store.Store, first.Layers[^1]);

        var second = store.Store.Containers.Commit("c1", new CommitOptions { RemoveContainer = removes });
        Assert.Equal(first.Layers, second.Layers);
        store.Store.Layers.WriteArchive(first.Layers[^1], Stream.Null);
        Assert.Equal(removes ? 0 : 1, store.Store.Containers.List().Count);
        LayerIngestTests.AssertSettled(store.Store);
    }

    private static ImageBuilder NewImage() => new ImageBuilder("app:1").Layer(("lower", "of the lower")).Layer(("upper", "upper"));

    private void Lose(string layer) => Directory.Delete(Path.Combine(_folder.Root, "plain", layer), recursive: true);
}
