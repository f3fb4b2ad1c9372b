using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Layers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>The main job on real images, with the drivers that users have.</summary>
public sealed class ContainersOnImagesTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RootTheory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Two_containers_of_one_image_do_not_see_each_other_and_the_image_stays_as_it_was(string driver)
    {
        using var store = _folder.OpenWith(driver);
        var image = Import(store);
        var (c1, c2) = (Create(store, "c1", "app:1.0"), Create(store, "c2", image.Id));
        var (m1, m2) = (store.Containers.Mount("c1"), store.Containers.Mount("c2"));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(m1.Path, "etc/motd")));
        Assert.False(File.Exists(Path.Combine(m1.Path, "etc/gone")));

        File.WriteAllText(Path.Combine(m1.Path, "etc/motd"), "changed");
        File.WriteAllText(Path.Combine(m2.Path, "big"), new string('x', 5000));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(m2.Path, "etc/motd")));
        Assert.False(File.Exists(Path.Combine(m1.Path, "big")));
        Assert.Equal([7L, 5000L], store.Containers.Measure([c1, c2]).Select(size => size.SizeRw));
        Assert.Equal(image.Size + 7, store.Containers.Measure("c1").SizeRootFs);

        store.Containers.Dismount("c1");
        store.Containers.Dismount("c2");
        Assert.Equal([7L, 5000L], store.Containers.Measure([c1, c2]).Select(size => size.SizeRw));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(store.Containers.Mount(Create(store, "c3", "app:1.0").Id).Path, "etc/motd")));
        store.Containers.Remove("c3", force: true);
        LayerIngestTests.AssertSettled(store);
    }

    [RootTheory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void A_read_only_mount_shows_the_files_and_refuses_to_change_them(string driver)
    {
        using var store = _folder.OpenWith(driver);
        Import(store);
        Create(store, "c1", "app:1.0");
        var written = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(written.Path, "own"), "x");
        store.Containers.Dismount("c1");
        var mount = store.Containers.Mount("c1", readOnly: true);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(mount.Path, "etc/motd")));
        Assert.Equal("x", File.ReadAllText(Path.Combine(mount.Path, "own")));
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(mount.Path, "other"), "x"));
        store.Containers.Dismount("c1");
    }

    [RootFact]
    public void A_path_of_the_users_works_also_where_no_mount_would_be_needed()
    {
        using var store = _folder.OpenWith("vfs");
        Import(store);
        Create(store, "c1", "app:1.0");
        var path = Path.Combine(_folder.Base, "here");
        Assert.Equal(path, store.Containers.Mount("c1", path).Path);
        Assert.Equal("hello", File.ReadAllText(Path.Combine(path, "etc/motd")));
        store.Containers.Dismount("c1");
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void A_container_shows_its_image_as_it_was_named_and_the_images_command()
    {
        using var store = _folder.OpenWith("vfs");
        var image = Import(store);
        Assert.Equal(("app:1.0", image.Id, "/bin/sh"), Shown(Create(store, "c1", "app:1.0")));
        Assert.Equal(("docker.io/library/app:1.0", image.Id, "/bin/sh"), Shown(Create(store, "c2", "docker.io/library/app:1.0")));
        Assert.Equal(("app:1.0", image.Id, "/bin/sh"), Shown(Create(store, "c3", image.Id)));
        Assert.Equal(("app:1.0", image.Id, "/bin/sh"), Shown(Create(store, "c4", image.Id["sha256:".Length..][..12])));
        store.Images.Untag("app:1.0");
        Assert.Equal((image.Id["sha256:".Length..][..12], image.Id, "/bin/sh"), Shown(Create(store, "c5", image.Id)));
        // What was shown once stays so, whatever becomes of the name.
        Assert.Equal(("app:1.0", image.Id, "/bin/sh"), Shown(store.Containers.Get("c1")));

        static (string Image, string ImageId, string Command) Shown(Container container) => (container.Image, container.ImageId, container.Command);
    }

    [Fact]
    public void An_image_that_is_not_there_is_refused_and_leaves_nothing()
    {
        using var store = _folder.OpenWith("vfs");
        Assert.Equal(ErrorIds.ImageNotFound, Assert.Throws<StoreException>(() => Create(store, "c1", "none:1")).ErrorId);
        Assert.Empty(store.Driver.Enumerate());
        LayerIngestTests.AssertSettled(store);
    }

    [Fact]
    public void An_image_in_use_is_kept_with_the_list_of_its_users_and_goes_after_them()
    {
        using var store = _folder.OpenWith("vfs");
        Import(store);
        Create(store, "c1", "app:1.0");
        Create(store, "c2", "app:1.0");
        var error = Assert.Throws<StoreException>(() => store.Images.Remove("app:1.0", force: true));
        Assert.Equal(ErrorIds.ImageInUse, error.ErrorId);
        Assert.Contains("c1", error.Message, StringComparison.Ordinal);
        Assert.Contains("c2", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, store.Layers.List().Count);
        Assert.Equal(3, store.Layers.List()[^1].RefCount);
        store.Containers.Remove("c1");
        store.Containers.Remove("c2");
        store.Images.Remove("app:1.0");
        Assert.Empty(store.Driver.Enumerate());
        LayerIngestTests.AssertSettled(store);
    }

    [Fact]
    public void The_layers_of_an_image_are_found_by_image_and_by_container()
    {
        using var store = _folder.OpenWith("vfs");
        var image = Import(store);
        Create(store, "c1", "app:1.0");
        Assert.Equal(image.Layers, store.Layers.Chain("app:1.0").Select(layer => layer.Id));
        Assert.Equal(image.Layers, store.Layers.Chain(image.Id).Select(layer => layer.Id));
        Assert.Equal(image.Layers, store.Layers.Chain("c1").Select(layer => layer.Id));
        Assert.Equal(ErrorIds.ImageNotFound, Assert.Throws<StoreException>(() => store.Layers.Chain("none")).ErrorId);
    }

    [Fact]
    public async Task An_image_that_is_removed_while_containers_are_made_goes_whole_or_stays_whole()
    {
        using var store = _folder.OpenWith("vfs");
        for (var round = 0; round < 5; round++)
        {
            Import(store);
            var creations = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Outcome(() => store.Containers.Create(new ContainerOptions { Image = "app:1.0" })))).ToList();
            var removal = Outcome(() => store.Images.Remove("app:1.0"));
            var outcomes = await Task.WhenAll(creations);
            Assert.All(outcomes, outcome => Assert.True(outcome is "" or ErrorIds.ImageNotFound, outcome));
            Assert.True(removal is "" or ErrorIds.ImageInUse, removal);
            if (removal.Length == 0)
                Assert.All(outcomes, outcome => Assert.Equal(ErrorIds.ImageNotFound, outcome));
            foreach (var container in store.Containers.List())
                store.Containers.Remove(container.Id);
            LayerIngestTests.AssertSettled(store);
        }

        static string Outcome(Action action)
        {
            try
            {
                action();
                return "";
            }
            catch (StoreException e)
            {
                return e.ErrorId;
            }
        }
    }

    private static Container Create(Store store, string name, string image) =>
        store.Containers.Create(new ContainerOptions { Name = name, Image = image });

    private ContainerImage Import(Store store)
    {
        var archive = Path.Combine(_folder.Base, "image.tar");
        new ImageBuilder("app:1.0")
            .Layer(("etc/motd", "old"), ("etc/gone", "x"))
            .Layer(("etc/motd", "hello"))
            .Layer(layer => layer.Whiteout("etc/gone"))
            .WriteDockerArchive(archive);
        return Assert.Single(store.Images.Import(archive, new ImportOptions()));
    }
}
