using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Maintenance;

/// <summary>What a store takes, by kind and by image.</summary>
public sealed class DiskUsageTests : IDisposable
{
    private readonly ImportStore _store = new("vfs");

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_new_store_takes_nothing()
    {
        foreach (var kind in Enum.GetValues<StorageKind>())
        {
            var usage = _store.Store.Maintenance.GetUsage(kind);
            Assert.Equal((0, 0, 0, 0), (usage.Total, usage.Active, usage.Size, usage.Reclaimable));
        }
    }

    [Fact]
    public void A_layer_that_several_images_need_counts_once_and_is_free_only_when_none_is_in_use()
    {
        _store.Import(new ImageBuilder("a:1").Layer(("base", new string('b', 1000))).Layer(("a", new string('a', 10))));
        _store.Import(new ImageBuilder("b:1").Layer(("base", new string('b', 1000))).Layer(("b", new string('b', 200))));
        Assert.Equal((2, 0, 1210, 1210), Row(StorageKind.Image));

        _store.Store.Containers.Create(new ContainerOptions { Image = "a:1", Name = "c1" });
        Assert.Equal((2, 1, 1210, 200), Row(StorageKind.Image));

        _store.Store.Containers.Create(new ContainerOptions { Image = "b:1", Name = "c2" });
        Assert.Equal((2, 2, 1210, 0), Row(StorageKind.Image));
    }

    [Fact]
    public void What_is_mounted_is_in_use()
    {
        _store.Import(new ImageBuilder("a:1").Layer(("a", "a")));
        foreach (var (name, bytes) in new[] { ("c1", 30), ("c2", 500) })
        {
            _store.Store.Containers.Create(new ContainerOptions { Image = "a:1", Name = name });
            File.WriteAllBytes(Path.Combine(_store.Store.Containers.Mount(name).Path, "new"), new byte[bytes]);
        }
        _store.Store.Containers.Dismount("c2");

        Assert.Equal((2, 1, 530, 500), Row(StorageKind.Container));
        _store.Store.Containers.Dismount("c1");
        Assert.Equal((2, 0, 530, 530), Row(StorageKind.Container));
    }

    [Fact]
    public void Of_each_image_it_is_known_what_it_shares()
    {
        _store.Import(new ImageBuilder("a:1", "a:2").Layer(("base", new string('b', 1000))).Layer(("a", new string('a', 10))));
        _store.Import(new ImageBuilder("b:1").Layer(("base", new string('b', 1000))).Layer(("b", new string('b', 200))));
        _store.Import(new ImageBuilder("none:1").Layer(("c", "c")));
        _store.Store.Images.Untag("none:1");
        _store.Store.Containers.Create(new ContainerOptions { Image = "a:2", Name = "c1" });

        var images = _store.Store.Maintenance.GetImageUsage().ToDictionary(image => image.Repository);

        Assert.Equal((1010, 1000, 10, 1, "a:1"), (images["a"].Size, images["a"].SharedSize, images["a"].UniqueSize, images["a"].Containers, images["a"].Reference));
        Assert.Equal((1200, 1000, 200, 0), (images["b"].Size, images["b"].SharedSize, images["b"].UniqueSize, images["b"].Containers));
        Assert.Equal((1, 0, 1, "<none>"), (images["<none>"].Size, images["<none>"].SharedSize, images["<none>"].UniqueSize, images["<none>"].Tag));
        // What images have alone and what they share is all that there is.
        Assert.Equal(Row(StorageKind.Image).Size, images.Values.Sum(image => image.UniqueSize) + 1000);
    }

    [Fact]
    public void Layers_without_an_image_are_counted_by_themselves()
    {
        var image = new ImageBuilder("a:1").Layer(("base", new string('b', 1000))).Layer(("a", new string('a', 10)));
        File.WriteAllBytes(_store["0.tar"], image.Layers[0]);
        File.WriteAllBytes(_store["1.tar"], image.Layers[1]);
        var lowest = _store.Store.Images.ImportLayer(_store["0.tar"]);
        _store.Store.Images.ImportLayer(_store["1.tar"], new LayerImportOptions { Parent = lowest.Id });
        Assert.Equal((2, 0, 1010, 1010), Row(StorageKind.Layer));
        Assert.Equal((0, 0, 0, 0), Row(StorageKind.Image));

        _store.Import(image);

        Assert.Equal((2, 2, 0, 0), Row(StorageKind.Layer));
        Assert.Equal((1, 0, 1010, 1010), Row(StorageKind.Image));
    }

    /// <summary>One line of <c>docker system df</c>.</summary>
    internal static (int Total, int Active, long Size, long Reclaimable) Row(Store store, StorageKind kind)
    {
        var usage = store.Maintenance.GetUsage(kind);
        return (usage.Total, usage.Active, usage.Size, usage.Reclaimable);
    }

    private (int Total, int Active, long Size, long Reclaimable) Row(StorageKind kind) => Row(_store.Store, kind);
}
