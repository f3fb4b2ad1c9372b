using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Maintenance;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Maintenance;

/// <summary>What is not in use goes, and nothing else.</summary>
public sealed class PruneTests : IDisposable
{
    private readonly ImportStore _store = new("vfs");
    private readonly string _old;

    public PruneTests() => _old = Fill(_store);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void By_default_containers_that_are_not_mounted_and_images_without_a_name_go()
    {
        Assert.Equal(["Container done 70", "Image old 200"], Prune(new PruneOptions()));

        Assert.Equal(["busy"], _store.Store.Containers.List().Select(container => container.Name));
        Assert.Equal(["app:1", "idle:1"], _store.Store.Images.List().Select(image => image.Reference).Order());
        Assert.Empty(_store.Store.Maintenance.FindUnused(new PruneOptions()));
        Assert.Equal(_store.Store.Layers.List().Count + 1, _store.Store.Driver.Enumerate().Count());
    }

    [Fact]
    public void With_all_images_that_no_container_uses_go_and_those_whose_container_goes()
    {
        Assert.Equal(["Container done 70", "Image old 200", "Image idle:1 30"], Prune(new PruneOptions { All = true }));
        _store.Store.Containers.Dismount("busy");
        Assert.Equal(["Container busy 7", "Image app:1 1010"], Prune(new PruneOptions { All = true }));

        Assert.Empty(_store.Store.Driver.Enumerate());
    }

    [Fact]
    public void Volumes_go_only_where_they_are_named_and_those_with_names_only_with_all() => VolumesGo(_store.Store);

    [Fact]
    public void A_container_whose_image_somebody_deleted_from_the_disk_hides_nothing_and_can_go()
    {
        var store = _store.Store;
        Add(_store, "fine:1", 40);
        store.Containers.Create(new ContainerOptions { Image = "fine:1", Name = "fine" });
        Directory.Delete(Path.Combine(_store.Root, "vfs", "dir", store.Images.Get("app:1").Layers[^1]), recursive: true);

        var failures = new List<string>();
        Assert.Equal(["fine"], store.Containers.Measure(store.Containers.List(), (container, error) => failures.Add($"{container.Name} {error.ErrorId}")).Select(size => size.Name));
        Assert.Equal(["busy LayerNotFound", "done LayerNotFound"], failures.Order());
        Assert.Equal(ErrorIds.LayerNotFound, Assert.Throws<StoreException>(() => store.Containers.Measure(store.Containers.List()).Count()).ErrorId);
        failures.Clear();
        var usage = store.Maintenance.GetUsage(StorageKind.Container, (container, _) => failures.Add(container.Name));
        Assert.Equal((3, 1, 0L, 2), (usage.Total, usage.Active, usage.Size, failures.Count));

        store.Containers.Dismount("busy");
        Assert.Equal(["Container busy 0", "Container done 0", "Container fine 0"], Prune(new PruneOptions { Kinds = [StorageKind.Container] }).Order());
        Assert.Contains("Image app:1 10", Prune(new PruneOptions { All = true, Kinds = [StorageKind.Image] }));
        Assert.Empty(store.Driver.Enumerate());
    }

    [Fact]
    public void An_image_whose_container_stays_stays()
    {
        _store.Store.Containers.Dismount("busy");

        Assert.Equal(["Image old 200", "Image idle:1 30"], Prune(new PruneOptions { All = true, Kinds = [StorageKind.Image] }));
        // Somebody said no to the container.
        var items = _store.Store.Maintenance.FindUnused(new PruneOptions { All = true });
        var image = items.Single(item => item.Kind == StorageKind.Image);
        Assert.Null(_store.Store.Maintenance.Prune(image, new PruneOptions { All = true }));
        Assert.Equal("app:1", image.Name);
    }

    [Fact]
    public void What_came_into_use_meanwhile_stays()
    {
        var items = _store.Store.Maintenance.FindUnused(new PruneOptions());
        _store.Store.Containers.Mount("done");
        _store.Store.Images.Tag(items.Single(item => item.Kind == StorageKind.Image).Id, "new:1");

        Assert.All(items, item => Assert.Null(_store.Store.Maintenance.Prune(item, new PruneOptions())));
        Assert.Equal((2, 3), (_store.Store.Containers.List().Count, _store.Store.Images.List().Count));
    }

    [Fact]
    public void Labels_and_age_choose()
    {
        Assert.Empty(Plan(new PruneOptions { All = true, Before = DateTime.UtcNow.AddHours(-1) }));
        Assert.Equal(3, Plan(new PruneOptions { All = true, Before = DateTime.UtcNow.AddHours(1) }).Count);
        Assert.Equal(["Container done 70"], Plan(new PruneOptions { All = true, Labels = new Dictionary<string, string?> { ["role"] = "done" } }));
        Assert.Equal(["Container done 70"], Plan(new PruneOptions { All = true, Labels = new Dictionary<string, string?> { ["role"] = null } }));
        Assert.Empty(Plan(new PruneOptions { All = true, Labels = new Dictionary<string, string?> { ["role"] = "other" } }));
        _store.Import(new ImageBuilder("labelled:1") { Labels = { ["keep"] = "no" } }.Layer(("x", "x")));
        Assert.Equal(["Image labelled:1 1"], Plan(new PruneOptions { All = true, Labels = new Dictionary<string, string?> { ["keep"] = "no" } }));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(69, 3)]
    // The youngest is the container, then idle, then old.
    [InlineData(70, 2)]
    [InlineData(100, 1)]
    [InlineData(299, 1)]
    [InlineData(300, 0)]
    public void Of_what_is_not_in_use_the_youngest_may_stay(long bytes, int gone)
    {
        var all = Plan(new PruneOptions { All = true, KeepBytes = bytes });
        Assert.Equal(gone, all.Count);
    }

    [Fact]
    public void A_container_that_may_stay_keeps_its_image()
    {
        _store.Store.Containers.Dismount("busy");

        // 1010 of the image, 70 and 7 of its containers.
        Assert.Equal(["Image old 200", "Image idle:1 30"], Plan(new PruneOptions { All = true, KeepBytes = 1087 }));
        Assert.Equal(4 + 1, Plan(new PruneOptions { All = true, KeepBytes = 1 }).Count);
    }

    [Fact]
    public void Layers_without_an_image_go_only_where_they_are_asked_for()
    {
        File.WriteAllBytes(_store["0"], new ImageBuilder("x").Layer(("lower", "1")).Layers[0]);
        File.WriteAllBytes(_store["1"], new ImageBuilder("x").Layer(("upper", "22")).Layers[0]);
        var lower = _store.Store.Images.ImportLayer(_store["0"]);
        var upper = _store.Store.Images.ImportLayer(_store["1"], new LayerImportOptions { Parent = lower.Id });
        Prune(new PruneOptions { All = true });
        Assert.Contains(_store.Store.Layers.List(), layer => layer.Id == upper.Id);

        Assert.Equal([$"Layer {upper.Id[..12]} 2", $"Layer {lower.Id[..12]} 1"], Prune(new PruneOptions { Kinds = [StorageKind.Layer] }));
        Assert.Equal(2, _store.Store.Layers.List().Count);
    }

    /// <summary>Images and containers, some in use; gives the short id of the image that has lost its name.</summary>
    internal static string Fill(ImportStore store)
    {
        // 1000 bytes are shared; of app:1 there is one container that is mounted and one that is not; old has no name, idle no container.
        foreach (var (name, bytes) in new[] { ("app:1", 10), ("old:1", 200), ("idle:1", 30) })
            Add(store, name, bytes);
        foreach (var (name, bytes) in new[] { ("busy", 7), ("done", 70) })
        {
            store.Store.Containers.Create(new ContainerOptions { Image = "app:1", Name = name, Labels = new Dictionary<string, string> { ["role"] = name } });
            File.WriteAllBytes(Path.Combine(store.Store.Containers.Mount(name).Path, "new"), new byte[bytes]);
        }
        store.Store.Containers.Dismount("done");
        return Digest.Parse(store.Store.Images.Untag("old:1").Id).Short;
    }

    private static void Add(ImportStore store, string name, int bytes) =>
        store.Import(new ImageBuilder(name).Layer(("base", new string('b', 1000))).Layer((name[..^2], new string('x', bytes))));

    /// <summary>Clears, and sees that what went is what was said before; the image without a name is called <c>old</c>.</summary>
    internal static List<string> Prune(Store store, string old, PruneOptions options)
    {
        var planned = Plan(store, old, options);
        var done = store.Maintenance.FindUnused(options).Select(item => store.Maintenance.Prune(item, options)!).Select(result => $"{result.Kind} {Named(result.Name, old)} {result.Bytes}").ToList();
        Assert.Equal(planned, done);
        return done;
    }

    /// <summary>The whole life of volumes that nobody uses, in a store that has none.</summary>
    internal static void VolumesGo(Store store)
    {
        store.Containers.Create(new ContainerOptions { Name = "idle", Mounts = ["used:/a", "/b"] });
        var free = store.Volumes.Create(new LayerStore.Volumes.VolumeOptions());
        File.WriteAllText(Path.Combine(free.Mountpoint, "file"), "12345");
        File.WriteAllText(Path.Combine(store.Volumes.Create(new LayerStore.Volumes.VolumeOptions { Name = "named" }).Mountpoint, "file"), "123");
        var usage = store.Maintenance.GetUsage(StorageKind.Volume);
        Assert.Equal(("Local Volumes", 4, 2, 8L, 8L), (usage.Type, usage.Total, usage.Active, usage.Size, usage.Reclaimable));
        Assert.DoesNotContain(store.Maintenance.FindUnused(new PruneOptions { All = true }), item => item.Kind == StorageKind.Volume);

        var kinds = new PruneOptions { Kinds = [StorageKind.Volume] };
        Assert.Equal([$"Volume {free.Name} 5"], Prune(store, "", kinds));
        Assert.Equal(["Volume named 3"], Prune(store, "", kinds with { All = true }));
        Assert.Empty(Prune(store, "", kinds with { All = true }));
        // With the container that has them they are unused, too.
        Assert.Equal(2, Prune(store, "", kinds with { All = true, Kinds = [StorageKind.Container, StorageKind.Volume] }).Count(line => line.StartsWith("Volume", StringComparison.Ordinal)));
        Assert.Empty(store.Volumes.List());
    }

    private static List<string> Plan(Store store, string old, PruneOptions options) => [.. store.Maintenance.FindUnused(options).Select(item => $"{item.Kind} {Named(item.Name, old)} {item.Bytes}")];

    private static string Named(string name, string old) => name == old ? "old" : name;

    private List<string> Plan(PruneOptions options) => Plan(_store.Store, _old, options);

    private List<string> Prune(PruneOptions options) => Prune(_store.Store, _old, options);
}
