using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Maintenance;
using LayerStore.Tests.Containers;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Export;
using LayerStore.Tests.Images;
using LayerStore.Tests.Layers;
using LayerStore.Tests.Maintenance;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>What users do with containers, volumes, images and layers. Few tests with many steps: opening a store is the dearest part of each in a guest.</summary>
public abstract partial class StoreConformance
{
    [FileSystemFact]
    public void Volumes_are_in_containers_what_they_are_on_every_driver() => WithStore(store => new VolumeStories(store.Store, store[""], few: DriverEnvironment.IsGuest).TellAll());

    [FileSystemFact]
    public void Files_go_into_and_out_of_containers_as_on_every_driver() => WithStore(store => new CopyStories(store.Store, store[""], few: DriverEnvironment.IsGuest).TellAll());

    [FileSystemFact]
    public void Images_and_layers_go_to_another_store_and_stay_what_they_are() => WithStore(store => WithStore(fileSystem.NewOtherOptions(), other =>
    {
        ImageCopyTests.Copy(store, other);
        foreach (var one in (ImportStore[])[store, other])
        {
            one.Store.Images.Remove("app:1");
            Assert.Empty(one.Store.Driver.Enumerate());
        }
        StandaloneLayerTests.Travel(store, other, CompressionKind.None);
    }));

    [FileSystemFact]
    public void A_container_goes_out_flat_and_as_an_image_and_comes_back_as_it_was() => WithStore(store =>
    {
        CommitTests.ExportFlat(store.Store, store[""], few: DriverEnvironment.IsGuest);

        var image = store.Store.Containers.Commit("c1", new CommitOptions { References = ["made:1"], Squash = true });
        Assert.Equal(
            store.Store.Containers.Changes("c1").Select(change => (change.Kind, change.Path)),
            store.Store.Layers.Compare("base:1", "made:1").Select(difference => (difference.Kind, difference.Path)));
        store.Store.Images.Export(["made:1"], store["made.tar"], new ExportOptions());
        store.Store.Images.Remove("made:1");
        var back = Assert.Single(store.Import(store["made.tar"]));
        Assert.Equal((image.Id, image.Size, "made:1"), (back.Id, back.Size, back.Reference));
        store.Store.Containers.Create(new() { Image = "made:1", Name = "back" });
        Assert.Equal(CommitTests.Tree(store.Store, "c1"), CommitTests.Tree(store.Store, "back"));
    });

    [FileSystemFact]
    public void What_is_not_in_use_is_known_to_the_byte_and_goes() => WithStore(store =>
    {
        var old = PruneTests.Fill(store);
        Assert.Equal((3, 1, 1240, 230), DiskUsageTests.Row(store.Store, StorageKind.Image));
        Assert.Equal((2, 1, 77, 70), DiskUsageTests.Row(store.Store, StorageKind.Container));

        Assert.Equal(["Container done 70", "Image old 200"], Prune());
        PruneTests.VolumesGo(store.Store);
        Assert.Equal(["Image idle:1 30"], Prune(all: true));
        store.Store.Containers.Dismount("busy");
        Assert.Equal(["Container busy 7", "Image app:1 1010"], Prune(all: true));
        Assert.Empty(store.Store.Driver.Enumerate());

        List<string> Prune(bool all = false) => PruneTests.Prune(store.Store, old, new PruneOptions { All = all });
    });
}
