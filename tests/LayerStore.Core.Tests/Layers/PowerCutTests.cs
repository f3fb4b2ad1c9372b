using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Metadata;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Layers;

/// <summary>The file system of a store is shut down without its journal being written, as the power would; the next boot finds what was said to be done, and nothing else.</summary>
public sealed class PowerCutTests
{
    public static TheoryData<string, FileSystemKind> Places => new()
    {
        { "overlay2", FileSystemKind.Ext4 },
        { "overlay2", FileSystemKind.Xfs },
        { "vfs", FileSystemKind.Ext4 },
        { "vfs", FileSystemKind.Xfs },
    };

    /// <summary>Its files were flushed, and its row, which is not worth a flush of its own, was not.</summary>
    [RootTheory]
    [MemberData(nameof(Places))]
    public void A_container_that_was_nearly_made_leaves_nothing(string driver, FileSystemKind kind)
    {
        using var disk = new LoopFileSystem(kind);
        var root = Path.Combine(disk.Path, "root");
        using (var store = Store.Open(new StoreOptions { Root = root, Driver = driver }))
            _ = store.Images.Import(TestFiles.SmallImage, new ImportOptions()).Single();
        Assert.Equal(137, Child.Run("create", root, "SyncLayer.", "1", "small").ExitCode);
        disk.CutPower();
        using var after = OpenInNextBoot(root);
        AssertWhole(after, containers: 0);
    }

    [RootTheory]
    [MemberData(nameof(Places))]
    public void A_container_that_was_made_is_there(string driver, FileSystemKind kind)
    {
        using var disk = new LoopFileSystem(kind);
        var root = Path.Combine(disk.Path, "root");
        using (var store = Store.Open(new StoreOptions { Root = root, Driver = driver }))
        {
            _ = store.Images.Import(TestFiles.SmallImage, new ImportOptions()).Single();
            store.Containers.Create(new ContainerOptions { Image = "small", Name = "c1" });
        }
        disk.CutPower();
        using var after = OpenInNextBoot(root);
        AssertWhole(after, containers: 1);
        Assert.All(after.Driver.Enumerate(), layer => Assert.NotNull(layer.Identity));
    }

    [RootTheory]
    [MemberData(nameof(Places))]
    public void What_was_removed_stays_removed(string driver, FileSystemKind kind)
    {
        using var disk = new LoopFileSystem(kind);
        var root = Path.Combine(disk.Path, "root");
        using (var store = Store.Open(new StoreOptions { Root = root, Driver = driver }))
        {
            _ = store.Images.Import(TestFiles.SmallImage, new ImportOptions()).Single();
            foreach (var name in new[] { "c1", "c2" })
                store.Containers.Create(new ContainerOptions { Image = "small", Name = name });
            store.Volumes.Create(new VolumeOptions { Name = "v1" });
            File.WriteAllText(Path.Combine(store.Volumes.Get("v1").Mountpoint, "file"), "text");
            // The database's log has come round: it does not grow any more, and a flush of it takes nothing else to the disk.
            for (var i = 0; i < 1500; i++)
                store.Metadata.Database.Write(transaction => SettingRecords.Set(transaction, "test", $"{i}"), durable: false);
            store.Driver.Sync();
            store.Volumes.Remove("v1");
            store.Containers.Remove("c1");
            store.Containers.Rename("c2", "c3"); // The database is flushed.
        }
        disk.CutPower();
        using var after = OpenInNextBoot(root);
        Assert.False(Directory.Exists(Path.Combine(root, "volumes", "v1")));
        AssertWhole(after, containers: 1);
    }

    /// <summary>File systems keep the order of what they do, but for what is flushed by itself, as the database is.</summary>
    [RootTheory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Files_of_a_removed_layer_that_come_back_go_again(string driver)
    {
        using var folder = new StoreFolder();
        var home = Path.Combine(folder.Root, driver);
        using (var store = folder.OpenWith(driver))
        {
            _ = store.Images.Import(TestFiles.SmallImage, new ImportOptions()).Single();
            store.Containers.Create(new ContainerOptions { Image = "small", Name = "c1" });
            Command.Run("cp", "-a", home, folder.Base);
            store.Containers.Remove("c1");
            Assert.Single(store.Driver.Enumerate());
        }
        Command.Run("cp", "-a", "-n", Path.Combine(folder.Base, driver), folder.Root);
        using var after = OpenInNextBoot(folder.Root);
        AssertWhole(after, containers: 0);
    }

    private static Store OpenInNextBoot(string root)
    {
        using (var metadata = new StoreMetadata(Database.Open(StoreRoot.DatabaseOf(root), readOnly: false)))
            metadata.Database.Write(transaction => SettingRecords.Set(transaction, SettingRecords.BootId, "another boot"), durable: false);
        return Store.Open(new StoreOptions { Root = root });
    }

    private static void AssertWhole(Store store, int containers)
    {
        Assert.Equal(containers, store.Containers.List().Count);
        LayerIngestTests.AssertSettled(store);
    }
}
