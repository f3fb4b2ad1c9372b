using LayerStore.Images;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Containers;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Export;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

public abstract partial class StoreConformance
{
    // Enough to meet every dialect, where it is quick; the fuzzer goes on where these end.
    private static readonly int s_seeds = DriverEnvironment.IsGuest ? 4 : 12;

    /// <summary>Layers whose files move aside, come again or go through links, lowest first.</summary>
    private static IEnumerable<byte[][]> Tangled =>
    [
        [new TarBuilder()
            .File("a", "first").File("a", "second, longer").HardLink("b", "a").File("a", "third").File("b", "fourth")
            .Directory("d/").File("d/x", "in d").File("d/y", "also").File("d", "no directory any more").Directory("d/").File("d/x", "again")
            .File("./a", "fifth").File("/a", "sixth").Symlink("a", "b").File("a", "seventh").End()],
        [new TarBuilder()
            .Directory("usr/").Directory("usr/lib/").Symlink("lib", "usr/lib").File("lib/x", "through the link").File("lib", "f").Directory("lib/").File("lib/x", "of the directory")
            .File("lib/../dots/./z", "cleaned").End()],
        [
            new TarBuilder().Directory("usr/").Directory("usr/lib/").File("usr/lib/old", "old").Symlink("lib", "usr/lib").End(),
            new TarBuilder().File("usr/lib/x", "direct, replaced when lib turns out to be a link").File("usr/lib/only", "direct").File("usr/lib/deep/er/f", "deep")
                .File("lib/x", "implied").File("lib/deep/er/f", "deep, implied").File("lib/deep/g", "new").File("lib/x", "implied, again").End(),
        ],
        [new TarBuilder()
            .Directory(".wh..wh.plnk/").File(".wh..wh.plnk/1.2", "linked").HardLink("a", ".wh..wh.plnk/1.2").HardLink("b", ".wh..wh.plnk/1.2").File(".wh..wh.aufs", "metadata").End()],
    ];

    [FileSystemFact]
    public void Archives_come_back_bit_for_bit_whatever_they_look_like() => WithStore(store =>
    {
        var accepted = 0;
        foreach (var layers in Tangled)
            Assert.True(ComesBack(store, layers));
        for (var seed = 0; seed < s_seeds; seed++)
            accepted += ComesBack(store, [new RandomArchive(seed).Make(lower: true), new RandomArchive(seed + 10_000).Make(lower: false)]) ? 1 : 0;
        Assert.True(accepted >= s_seeds / 2, $"only {accepted} archives made by chance could be extracted");
    });

    [FileSystemFact]
    public void A_container_becomes_an_image_that_shows_it_and_the_same_layer_as_on_every_driver() => WithStore(store =>
    {
        CommitTests.Change(store.Store, "c1");
        var image = store.Store.Containers.Commit("c1", new CommitOptions { References = ["made:1"] });
        store.Store.Containers.Create(new() { Image = "made:1", Name = "c2" });
        Assert.Equal(CommitTests.Tree(store.Store, "c1"), CommitTests.Tree(store.Store, "c2"));
        Assert.Empty(store.Store.Containers.Changes("c2"));
        Assert.Equal(2, image.LayerCount);

        CommitTests.Change(store.Store, "c3", CommitTests.Simple);
        Assert.Equal(CommitTests.SimpleChanges, store.Store.Containers.Changes("c3").Select(change => $"{"ACD"[(int)change.Kind]} {change.Path}"));
        var diffId = store.Store.Layers.Get(store.Store.Containers.Commit("c3", new CommitOptions()).Layers[^1]).DiffId;
        Assert.True(diffId == CommitTests.SimpleDiffId, $"the layer is another one: {diffId}");
    });

    /// <summary>False where no store takes such an archive: chance put a file below a file.</summary>
    private static bool ComesBack(ImportStore store, byte[][] layers)
    {
        var builder = new ImageBuilder("trip:1");
        foreach (var layer in layers)
            builder.RawLayer(layer);
        ContainerImage image;
        try
        {
            image = store.Import(builder);
        }
        catch (StoreException error) when (error.ErrorId is ErrorIds.ArchiveUnsafePath or ErrorIds.ArchiveCorrupt)
        {
            return false;
        }
        for (var index = 0; index < layers.Length; index++)
        {
            using var archive = new MemoryStream();
            store.Store.Layers.WriteArchive(image.Layers[index], archive);
            Assert.Equal(layers[index], archive.ToArray());
        }
        store.Store.Images.Remove(image.Id);
        return true;
    }
}
