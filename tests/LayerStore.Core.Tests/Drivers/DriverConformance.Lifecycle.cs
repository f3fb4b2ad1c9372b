using System.Text;
using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public abstract partial class DriverConformance
{
    [FileSystemFact] // PrepareViewFailing
    public void A_layer_cannot_be_made_twice_nor_on_a_parent_that_is_not_there()
    {
        var container = Play.Container();
        CompleteError.Of(ErrorIds.LayerExists, StoreErrorKind.AlreadyExists, container.Value, container.Value[..12], () => Driver.Prepare(container, LayerPurpose.Container, []));
        Assert.Equal(ErrorIds.LayerExists, Assert.Throws<StoreException>(() => Driver.Prepare(container, LayerPurpose.Image, [])).ErrorId);
        var orphan = LayerId.New();
        Assert.Equal(ErrorIds.LayerNotFound, Assert.Throws<StoreException>(() => Driver.Prepare(orphan, LayerPurpose.Container, [LayerId.New()])).ErrorId);
        Driver.Remove(orphan);
        Assert.Equal([container], Driver.Enumerate().Select(layer => layer.Id));
    }

    [FileSystemFact]
    public void What_is_asked_of_a_layer_that_is_not_there_is_an_error_that_names_it()
    {
        var id = LayerId.New();
        foreach (var ask in new Action[] { () => Driver.OpenForApply(id), () => Driver.Commit(id), () => Driver.Measure(id, []), () => Driver.Changes(id, []) })
        {
            var error = Assert.Throws<StoreException>(ask);
            Assert.Equal(ErrorIds.LayerNotFound, error.ErrorId);
            Assert.Contains(id.Value[..12], error.Message, StringComparison.Ordinal);
        }
    }

    [FileSystemFact] // Walk, StatActive, StatCommitted, Update, ListLayers
    public void Enumerate_gives_exactly_what_was_made_with_its_identity()
    {
        var image = Play.Image([], layer => layer.File("x", ""));
        var container = Play.Container(image);
        foreach (var identity in new[] { "{\"version\":1}", "{\"version\":2}" })
        {
            Driver.WriteIdentity(container, Encoding.UTF8.GetBytes(identity));
            Driver.ConfirmIdentity(container);
        }
        Driver.WriteIdentity(container, "{\"version\":3}"u8);
        var preparing = LayerId.New();
        Driver.Prepare(preparing, LayerPurpose.Image, []);
        var stored = Driver.Enumerate().ToDictionary(layer => layer.Id, layer => layer.Identity);
        Assert.Equal(3, stored.Count);
        Assert.Equal("{}"u8, stored[image]!);
        Assert.Equal("{\"version\":2}"u8, stored[container]!);
        Assert.Null(stored[preparing]);
        foreach (var id in stored.Keys)
            Driver.Remove(id);
        Assert.Empty(Driver.Enumerate());
    }

    [FileSystemFact] // StatInWalk
    public void A_layer_can_be_measured_and_removed_while_layers_are_enumerated()
    {
        for (var i = 0; i < 5; i++)
            Play.Container();
        foreach (var layer in Driver.Enumerate())
        {
            Assert.Equal(0, Driver.Measure(layer.Id, []).Bytes);
            Driver.Remove(layer.Id);
        }
        Assert.Empty(Driver.Enumerate());
    }

    [FileSystemFact] // Remove, CloseTwice
    public void Removing_is_complete_in_every_state_and_can_be_repeated()
    {
        var image = Play.Image([], layer => layer.Directory("locked", 0).File("file", "x"));
        var (container, mount) = Play.Run(image);
        using (mount)
            mount.Write("file", "y");
        var preparing = LayerId.New();
        Driver.Prepare(preparing, LayerPurpose.Image, []);
        foreach (var id in new[] { container, preparing, image, image, LayerId.New() })
            Driver.Remove(id);
        Assert.Empty(Driver.Enumerate());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(Play.Home, "*", SearchOption.AllDirectories),
            path => path.Contains(image.Value, StringComparison.Ordinal) || path.Contains(container.Value, StringComparison.Ordinal));
    }

    [FileSystemFact] // InitStaleCleanup
    public void What_a_crashed_removal_left_is_deleted_when_the_driver_is_opened()
    {
        var aside = Path.Combine(Play.Home, "removing", LayerId.New().Value);
        Directory.CreateDirectory(Path.Combine(aside, "diff", "sub"));
        File.WriteAllText(Path.Combine(aside, "diff", "sub", "file"), "x");
        Play.Open();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Play.Home, "removing")));
    }

    [FileSystemFact]
    public void Removing_never_leaves_the_layer_and_never_enters_a_mount()
    {
        using var outside = new TestDirectory();
        var precious = Path.Combine(outside.Make("precious"), "file");
        File.WriteAllText(precious, "x");
        var (container, mount) = Play.Run();
        using (mount)
        {
            File.CreateSymbolicLink(mount.At("link"), outside.Path);
            Directory.CreateDirectory(mount.At("mountpoint"));
        }
        var mounts = new Mounts();
        var directory = Driver.PlanMount(container, [], MountMode.ReadOnly) switch
        {
            MountPlan.Bind bind => bind.Source,
            MountPlan.Aufs aufs => aufs.Branches[0],
            _ => null,
        };
        var outer = directory is null ? Play.Mount(container, []) : null;
        var tree = directory ?? outer!.Root;
        mounts.Mount(new MountPlan.Bind(outside.Path, ReadOnly: false), Path.Combine(tree, "mountpoint"));
        Assert.Equal(ErrorIds.MountBusy, Assert.Throws<StoreException>(() => Driver.Remove(container)).ErrorId);
        // Whatever moved aside took the mount along.
        foreach (var point in MountTable.Below(outer is null ? Play.Home : Path.Combine(tree, "mountpoint")))
            mounts.Unmount(point);
        outer?.Dispose();
        Driver.Remove(container);
        Assert.True(File.Exists(precious));
        Assert.Empty(Driver.Enumerate());
    }

    [FileSystemFact]
    public void The_driver_s_directory_lets_nobody_look_in()
    {
        using var home = DirectoryHandle.Open(Play.Home);
        Assert.True(new TreeDirectory(home).TryStat(out var data));
        Assert.Equal("40710", Convert.ToString(data.Mode, 8));
    }

    [FileSystemFact]
    public void A_layer_with_work_of_two_threads_at_once_is_as_good_as_any()
    {
        var image = Play.Image([], layer => layer.Directory("dir").File("dir/file", "image"));
        Parallel.For(0, 16, i =>
        {
            var driver = i % 2 == 0 ? Driver : Play.Open();
            var id = LayerId.New();
            driver.Prepare(id, LayerPurpose.Container, [image]);
            using (var mount = Play.Mount(id, [image]))
                mount.Write("dir/file", new string('x', i));
            Assert.Equal(i, driver.Measure(id, [image]).Bytes);
            if (i % 3 == 0)
                driver.Remove(id);
        });
        Assert.Equal(11, Driver.Enumerate().Count());
    }
}
