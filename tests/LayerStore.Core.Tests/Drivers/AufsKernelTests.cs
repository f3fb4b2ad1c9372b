using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What aufs does on a kernel that has it, beside the conformance suite.</summary>
public abstract class AufsKernelTests : IDisposable
{
    private readonly FileSystemFixture _fileSystem;
    private readonly DriverPlayground _play;

    protected AufsKernelTests(FileSystemFixture fileSystem)
    {
        _fileSystem = fileSystem;
        _play = new DriverPlayground("aufs", fileSystem.Path);
    }

    public void Dispose()
    {
        _play.Dispose();
        GC.SuppressFinalize(this);
    }

    [FileSystemFact]
    public void Every_check_of_the_probe_passes_and_it_leaves_nothing()
    {
        var before = Directory.GetFileSystemEntries(_fileSystem.Path).Order().ToArray();
        var report = DriverCatalog.Get("aufs").Probe(_fileSystem.Path);
        Assert.All(report.Checks, check => Assert.True(check.Passed, check.ToString()));
        Assert.Equal(["writable", "branch file system", "aufs", "whiteouts", "append", "dirperm1", "extended attributes"], report.Checks.Select(check => check.Name));
        Assert.Equal(before, Directory.GetFileSystemEntries(_fileSystem.Path).Order());
        Assert.Empty(Directory.GetFiles("/dev/shm", ".layerstore-*.xino"));
    }

    [FileSystemFact]
    public void As_many_layers_as_the_kernel_stacks_are_mounted_both_ways_and_one_more_is_told()
    {
        var chain = new List<LayerId>();
        for (var i = 0; i < _play.Driver.MaxDepth; i++)
        {
            var number = i;
            chain.Insert(0, _play.Image([], layer => layer.File($"file{number}", $"{number}")));
        }
        var container = _play.Container([.. chain]);
        using (var mount = _play.Mount(container, chain))
        {
            Assert.Equal(126, Directory.EnumerateFiles(mount.Root).Count());
            mount.Write("file0", "changed");
        }
        using (var view = _play.Mount(container, chain, MountMode.ReadOnly))
            Assert.Equal("changed", view.Read("file0"));
        Assert.Equal(["C /file0"], _play.Changes(container, [.. chain]));

        // What the driver refuses, the kernel would refuse as well.
        var paths = chain.Append(container).Append(_play.Container()).Select(id => Path.Combine(_play.Home, "diff", id.Value)).ToArray();
        using var place = new TestDirectory(_fileSystem.Path);
        Assert.Equal(ErrorIds.LayerDepthExceeded, Assert.Throws<StoreException>(() => new Mounts().Mount(new MountPlan.Aufs(paths, ReadOnly: true), place.Path)).ErrorId);
        Assert.False(new Mounts().IsMounted(place.Path));
    }

    [FileSystemFact]
    public void Containers_have_no_files_of_aufss_own()
    {
        var image = _play.Image([], layer => layer.File("one", "x").Link("two", "one").File("gone", "x"));
        var (container, mount) = _play.Run(image);
        using (mount)
        {
            mount.Write("one", "changed");
            File.Delete(mount.At("gone"));
            Assert.Equal(["one", "two"], DriverConformance.Listing(mount.Root));
            Assert.ThrowsAny<Exception>(() => mount.Write(".wh.file", "x"));
        }
        var branch = Path.Combine(_play.Home, "diff", container.Value);
        Assert.True(File.Exists(Path.Combine(branch, ".wh..wh.aufs")));
        Assert.True(File.Exists(Path.Combine(branch, ".wh.gone")));
        Assert.DoesNotContain(_play.Changes(container, image), change => change.Contains(".wh.", StringComparison.Ordinal));
        Assert.Contains("D /gone", _play.Changes(container, image));
        Assert.InRange(_play.Driver.Measure(container, [image]).Bytes, 7, 7);
    }

    [FileSystemFact]
    public void A_home_with_the_characters_that_separate_options_works()
    {
        using var place = new TestDirectory(_fileSystem.Path);
        var driver = DriverCatalog.Get("aufs").Open(Path.Combine(place.Make("a:b,c=d"), "aufs"), []);
        var (one, two) = (LayerId.New(), LayerId.New());
        driver.Prepare(one, LayerPurpose.Container, []);
        driver.Prepare(two, LayerPurpose.Container, [one]);
        File.WriteAllText(Path.Combine(place.Path, "a:b,c=d", "aufs", "diff", one.Value, "file"), "x");
        var target = place.Make("target");
        new Mounts().Mount(driver.PlanMount(two, [one], MountMode.ReadWrite), target);
        Assert.True(File.Exists(Path.Combine(target, "file")));
        Assert.True((bool)driver.Status().Single(line => line.Name == "Dirperm1 Supported").Value);
    }

    [FileSystemFact]
    public void Many_containers_are_mounted_at_once()
    {
        var image = _play.Image([], layer => layer.File("file", "x"));
        var containers = Enumerable.Range(0, 10).Select(_ => _play.Container(image)).ToArray();
        var mounts = containers.AsParallel().Select(id => _play.Mount(id, [image])).ToArray();
        foreach (var mount in mounts)
            mount.Write("file", "y");
        foreach (var mount in mounts)
            mount.Dispose();
        Assert.All(containers, id => Assert.Equal(["C /file"], _play.Changes(id, image)));
    }

    [FileSystemFact]
    public void A_store_on_aufs_makes_mounts_measures_and_removes_containers()
    {
        using var place = new TestDirectory(_fileSystem.Path);
        using var store = Store.Open(new StoreOptions { Root = place["store"], Driver = "aufs" });
        var image = store.Images.Import(TestFiles.SmallImage, new ImportOptions()).Single();
        store.Containers.Create(new ContainerOptions { Image = image.Reference, Name = "c1" });
        var mount = store.Containers.Mount("c1");
        File.WriteAllText(Path.Combine(mount.Path, "new"), "hello");
        Assert.Equal(ErrorIds.ContainerMounted, Assert.Throws<StoreException>(() => store.Containers.Remove("c1")).ErrorId);
        store.Containers.Dismount("c1");
        Assert.Equal(5, store.Containers.Measure("c1").SizeRw);
        var made = store.Containers.Commit("c1", new CommitOptions { References = ["made:1"] });
        Assert.Equal("made:1", made.Reference);
        store.Containers.Create(new ContainerOptions { Image = "made:1", Name = "c2" });
        Assert.Equal("hello", File.ReadAllText(Path.Combine(store.Containers.Mount("c2").Path, "new")));
        store.Containers.Remove("c2", force: true);
        store.Images.Remove("made:1");
        Assert.Equal("aufs", store.GetInfo().StorageDriver);
        store.Containers.Remove("c1");
        store.Images.Remove(image.Reference);
        Assert.Empty(store.Driver.Enumerate());
    }
}
