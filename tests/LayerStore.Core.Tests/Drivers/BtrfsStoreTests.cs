using LayerStore.Containers;
using LayerStore.Linux;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>Stores on btrfs as users have them.</summary>
[DriverEnvironment("btrfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class BtrfsStoreTests(BtrfsFixture fileSystem) : IClassFixture<BtrfsFixture>
{
    [FileSystemFact]
    public void An_image_is_imported_run_and_removed_and_nothing_is_left()
    {
        using var store = new ImportStore("btrfs", fileSystem.Path);
        var image = store.Import(TestFiles.SmallImage).Single();
        Assert.Equal("sha256:8a86c9c7acf7a4868f3a57a1856dbba05590701950840d5e7a3ef2b5bdc84cd7", image.Id);
        var changed = store.Store.Containers.Create(new ContainerOptions { Image = image.Reference });
        store.Store.Containers.Create(new ContainerOptions { Image = image.Reference });
        var mount = store.Store.Containers.Mount(changed.Id).Path;
        Command.Run("chroot", mount, "/bin/sh", "-c", "chmod 600 /etc/passwd; touch /etc/group");
        Assert.Equal(81, store.Store.Containers.Measure(changed.Id).SizeRw);
        store.Store.Containers.Dismount(changed.Id);
        Assert.Equal([81L, 0L], store.Store.Containers.Measure(store.Store.Containers.List()).Select(size => size.SizeRw).OrderDescending());
        foreach (var container in store.Store.Containers.List())
            store.Store.Containers.Remove(container.Id);
        store.Store.Images.Remove(image.Id);
        Assert.Empty(store.Store.Driver.Enumerate());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Root, "btrfs", "removing")));
    }

    [FileSystemFact]
    public void Sixty_layers_with_whiteouts_are_the_same_image_as_on_overlay2()
    {
        var image = new ImageBuilder("deep:1");
        for (var i = 0; i < 60; i++)
        {
            var number = i;
            image.Layer(layer => layer.Directory($"dir{number % 7}").File($"dir{number % 7}/file{number}", $"{number}").Whiteout($"dir{(number + 1) % 7}/file{number - 6}"));
        }
        var trees = new[] { "overlay2", "btrfs" }.Select(driver =>
        {
            using var store = new ImportStore(driver, fileSystem.Path);
            var container = store.Store.Containers.Create(new ContainerOptions { Image = store.Import(image).Reference });
            var lines = TreeFingerprint.Of(store.Store.Containers.Mount(container.Id).Path);
            store.Store.Containers.Dismount(container.Id);
            return lines;
        }).ToList();
        Assert.Equal(trees[0], trees[1]);
    }

    [FileSystemFact]
    public void On_a_full_file_system_an_import_fails_clearly_and_works_when_there_is_space_again()
    {
        using var small = new LoopFileSystem(FileSystemKind.Btrfs, megabytes: 256);
        using var store = new ImportStore("btrfs", small.Path);
        using var elsewhere = new TestDirectory("/dev/shm");
        var kept = store.Import(TestFiles.SmallImage).Single();
        var content = new byte[100 << 20];
        new Random(1).NextBytes(content);
        var large = new ImageBuilder("large:1").Layer(layer => layer.File("small", "x")).Layer(layer => layer.File("large", content));
        large.WriteDockerArchive(elsewhere["large.tar"]);
        var filler = Path.Combine(small.Path, "filler");
        using (var file = File.OpenHandle(filler, FileMode.Create, FileAccess.Write))
            Assert.Throws<IOException>(() => FillUp(file));

        store.ImportFails(elsewhere["large.tar"], ErrorIds.DiskFull);
        Assert.Equal([kept.Id], store.Store.Images.List().Select(image => image.Id));

        File.Delete(filler);
        Command.Run("sync", "-f", small.Path);
        Assert.Equal(large.Id, store.Import(elsewhere["large.tar"]).Single().Id);
    }

    private static void FillUp(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var noise = new byte[1 << 20];
        new Random(2).NextBytes(noise);
        for (long at = 0; ; at += noise.Length)
        {
            RandomAccess.Write(file, noise, at);
            if (at % (8 << 20) == 0)
                Assert.Equal(0, Libc.Fsync(file.Descriptor()));
        }
    }
}
