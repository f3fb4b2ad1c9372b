using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>New containers on vfs, whose files need not be on the disk when New-Container returns, and what a power cut leaves of them.</summary>
public sealed class VfsFreshCopyTests
{
    private static readonly string EarlierBoot = Guid.NewGuid().ToString();

    [Fact]
    public void A_copy_is_marked_until_it_is_mounted_for_writing()
    {
        using var store = new ImportStore("vfs");
        var container = Create(store);
        Assert.Single(Marks(store.Root));
        store.Store.Containers.Mount(container);
        Assert.Empty(Marks(store.Root));
        store.Store.Containers.Dismount(container);
    }

    [Fact]
    public void Copying_into_a_container_settles_it_too()
    {
        using var store = new ImportStore("vfs");
        var container = Create(store);
        File.WriteAllText(store["file"], "mine");
        store.Store.Containers.CopyFrom(container, "/etc/passwd", store["passwd"]);
        Assert.Single(Marks(store.Root));
        store.Store.Containers.CopyTo(container, store["file"], "/etc/mine");
        Assert.Empty(Marks(store.Root));
    }

    [Fact]
    public void Removing_a_container_removes_its_mark()
    {
        using var store = new ImportStore("vfs");
        store.Store.Containers.Remove(Create(store));
        Assert.Empty(Marks(store.Root));
    }

    [Fact]
    public void A_copy_of_an_earlier_boot_is_made_again_and_one_that_was_mounted_is_kept()
    {
        using var store = new ImportStore("vfs");
        var changed = Create(store);
        File.WriteAllText(Path.Combine(store.Store.Containers.Mount(changed).Path, "own"), "mine");
        store.Store.Containers.Dismount(changed);
        var fresh = Create(store);
        var tree = TreeOf(store.Root, Marks(store.Root).Single());
        var whole = TreeFingerprint.Of(tree);
        Damage(tree);
        Age(store.Root);

        using var next = Store.Open(new StoreOptions { Root = store.Root });
        Assert.Empty(Marks(store.Root));
        Assert.Equal(whole, TreeFingerprint.Of(tree));
        Assert.Equal(0, next.Containers.Measure(fresh).SizeRw);
        Assert.Equal(4, next.Containers.Measure(changed).SizeRw);
    }

    [Fact]
    public void A_copy_that_cannot_be_made_again_says_so_and_the_others_go_on()
    {
        using var store = new ImportStore("vfs");
        var lost = Create(store);
        var mark = Marks(store.Root).Single();
        var kept = Create(store);
        Age(store.Root);
        File.WriteAllLines(mark, [EarlierBoot, new string('0', 64)]);

        using var next = Store.Open(new StoreOptions { Root = store.Root });
        Assert.Equal(ErrorIds.LayerNotFound, Assert.Throws<StoreException>(() => next.Containers.Mount(lost)).ErrorId);
        next.Containers.Mount(kept);
        next.Containers.Dismount(kept);
        Assert.Equal([mark], Marks(store.Root));
    }

    /// <summary>The file system is shut down without its journal being written, as the power would; then it is mounted again.</summary>
    [RootTheory]
    [InlineData(FileSystemKind.Ext4)]
    [InlineData(FileSystemKind.Xfs)]
    public void After_a_power_cut_a_new_container_holds_what_its_image_holds(FileSystemKind kind)
    {
        using var disk = new LoopFileSystem(kind);
        var root = Path.Combine(disk.Path, "root");
        string fresh, used;
        IReadOnlyList<string> whole;
        using (var store = Store.Open(new StoreOptions { Root = root, Driver = "vfs" }))
        {
            var image = store.Images.Import(TestFiles.SmallImage, new ImportOptions()).Single().Reference;
            used = store.Containers.Create(new ContainerOptions { Image = image }).Id;
            store.Containers.Mount(used);
            store.Containers.Dismount(used);
            fresh = store.Containers.Create(new ContainerOptions { Image = image }).Id;
            whole = TreeFingerprint.Of(TreeOf(root, Marks(root).Single()));
        }
        disk.CutPower();
        var tree = TreeOf(root, Marks(root).Single());
        // On xfs the copy shares its blocks with the image, which is on the disk.
        Assert.True(kind == FileSystemKind.Xfs || !Directory.Exists(tree) || !whole.SequenceEqual(TreeFingerprint.Of(tree)), "the cut lost nothing, so this test shows nothing");
        Age(root);

        using var after = Store.Open(new StoreOptions { Root = root });
        Assert.Equal(whole, TreeFingerprint.Of(tree));
        Assert.Equal(whole, TreeFingerprint.Of(after.Containers.Mount(used).Path));
        after.Containers.Dismount(used);
        after.Containers.Mount(fresh);
        after.Containers.Dismount(fresh);
    }

    private static string Create(ImportStore store)
    {
        var image = store.Store.Images.List() is [var known, ..] ? known.Id : store.Import(TestFiles.SmallImage).Single().Id;
        return store.Store.Containers.Create(new ContainerOptions { Image = image }).Id;
    }

    private static IReadOnlyList<string> Marks(string root)
    {
        var marks = Path.Combine(root, "vfs", "fresh");
        return Directory.Exists(marks) ? [.. Directory.EnumerateFiles(marks)] : [];
    }

    private static string TreeOf(string root, string mark) => Path.Combine(root, "vfs", "dir", Path.GetFileName(mark));

    /// <summary>Makes all marks those of another boot.</summary>
    private static void Age(string root)
    {
        foreach (var mark in Marks(root))
            File.WriteAllLines(mark, [EarlierBoot, File.ReadAllLines(mark)[1]]);
    }

    /// <summary>What a cut leaves of files that were not written: no length, or no name.</summary>
    private static void Damage(string tree)
    {
        var files = Directory.GetFiles(tree, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
        File.WriteAllBytes(files[0], []);
        File.Delete(files[^1]);
    }
}
