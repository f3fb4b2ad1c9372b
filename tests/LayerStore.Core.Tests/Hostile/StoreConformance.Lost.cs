using LayerStore.Containers;
using LayerStore.Tests.Containers;
using LayerStore.Tests.Layers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Hostile;

/// <summary>What somebody deleted behind the store's back.</summary>
public abstract partial class StoreConformance
{
    [FileSystemFact]
    public void Importing_again_lays_anew_what_somebody_deleted_and_loses_nothing_that_is_there() => WithStore(store =>
    {
        var builder = new ImageBuilder("app:1")
            .Layer(layer => layer.Directory("etc").File("etc/motd", "hello").File("etc/gone", "x").File("big", new string('b', 300_000)))
            .Layer(layer => layer.Whiteout("etc/gone").File("etc/more", "1"))
            .Layer(layer => layer.File("top", "2").Hardlink("linked", "top"));
        var image = store.Import(builder);
        var containers = store.Store.Containers;
        var changed = containers.Create(new ContainerOptions { Image = "app:1", Name = "changed" });
        Command.Run("sh", "-ec", $"cd '{containers.Mount("changed").Path}'; echo more >> etc/motd; rm top; echo new > new");
        containers.Dismount("changed");
        containers.Create(new ContainerOptions { Image = "app:1", Name = "idle" });
        var changes = containers.Changes("changed").Select(change => (change.Kind, change.Path)).ToList();
        var (changedTree, idleTree) = (CommitTests.Tree(store.Store, "changed"), CommitTests.Tree(store.Store, "idle"));
        var (rows, stored) = (store.Store.Metadata.Layers.AllIds(), Stored());

        // On zfs the layers below it began as what is there, and so cannot be destroyed without it.
        string[] deleted = driver == "zfs" ? [image.Layers[2]] : [.. image.Layers];
        foreach (var layer in deleted)
            LostLayer.DeleteBelow(store.Store, layer, changed.LayerId);
        Assert.Equal(deleted.Order(), Lost());
        Repair();
        Assert.Equal(rows, store.Store.Metadata.Layers.AllIds());
        Assert.Equal(stored, Stored());
        Assert.Equal(changes, containers.Changes("changed").Select(change => (change.Kind, change.Path)));
        Assert.Equal(changedTree, CommitTests.Tree(store.Store, "changed"));
        Assert.Equal(idleTree, CommitTests.Tree(store.Store, "idle"));
        Assert.Equal(0, containers.Measure("idle").SizeRw);

        // Once more, with nothing on it that lasts.
        foreach (var name in new[] { "changed", "idle" })
            containers.Remove(name);
        LostLayer.Delete(store.Store, image.Layers[0]);
        Repair();

        void Repair()
        {
            Assert.Equal(image.Layers, store.Import(builder).Layers);
            Assert.Empty(Lost());
            for (var i = 0; i < image.Layers.Count; i++)
            {
                using var archive = new MemoryStream();
                store.Store.Layers.WriteArchive(image.Layers[i], archive);
                Assert.Equal(builder.Layers[i], archive.ToArray());
            }
            LayerIngestTests.AssertSettled(store.Store);
            containers.Create(new ContainerOptions { Image = "app:1", Name = "fresh" });
            Assert.Equal(idleTree, CommitTests.Tree(store.Store, "fresh"));
            containers.Remove("fresh");
        }

        List<string> Stored() => [.. store.Store.Driver.Enumerate().Where(layer => layer.Identity is not null).Select(layer => layer.Id.Value).Order()];

        IEnumerable<string> Lost() => store.Store.Driver.FindLost([.. image.Layers.Select(LayerId.Parse)]).Select(id => id.Value).Order();
    });
}
