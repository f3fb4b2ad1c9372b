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

    [FileSystemFact]
    public void A_container_whose_own_layer_somebody_deleted_is_an_error_of_its_own_touched_or_not() => WithStore(store =>
    {
        store.Import(new ImageBuilder("app:1").Layer(("file", "1")));
        var containers = store.Store.Containers;
        foreach (var name in new[] { "touched", "untouched", "fine" })
            containers.Create(new ContainerOptions { Image = "app:1", Name = name });
        File.WriteAllText(Path.Combine(containers.Mount("touched").Path, "new"), "12345");
        containers.Dismount("touched");
        Assert.Equal(["fine 0", "touched 5", "untouched 0"], containers.Measure(containers.List()).Select(size => $"{size.Name} {size.SizeRw}").Order());
        foreach (var name in new[] { "touched", "untouched" })
            LostLayer.Delete(store.Store, containers.Get(name).LayerId);

        var failures = new Dictionary<string, StoreException>();
        Assert.Equal(["fine"], containers.Measure(containers.List(), (container, error) => failures[container.Name] = error).Select(size => size.Name));
        Assert.Equal(["touched", "untouched"], failures.Keys.Order());
        foreach (var (name, listed) in failures)
        {
            foreach (var error in new[] { listed, Assert.Throws<StoreException>(() => containers.Measure(name)), Assert.Throws<StoreException>(() => containers.Changes(name)) })
            {
                Assert.Equal(ErrorIds.LayerNotFound, error.ErrorId);
                Assert.Contains(containers.Get(name).LayerId[..12], error.Message, StringComparison.Ordinal);
                Assert.Contains("can only be removed", error.RecommendedAction, StringComparison.Ordinal);
            }
        }
        containers.Remove("touched");
        containers.Remove("untouched");
        Assert.Equal(["fine"], containers.Measure(containers.List()).Select(size => size.Name));
        LayerIngestTests.AssertSettled(store.Store);
    });
}
