using System.Diagnostics;
using LayerStore.Drivers;
using LayerStore.Drivers.Zfs;
using LayerStore.Linux;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What the driver asks of zfs, on a real pool: the same whichever way it asks.</summary>
public abstract class ZfsQuestionTests
{
    private readonly ZfsFixture _fileSystem;
    private readonly ZfsSystem _system;

    private protected ZfsQuestionTests(ZfsFixture fileSystem, ZfsSystem system) => (_fileSystem, _system) = (fileSystem, system);

    private string Pool => Dataset.Split('/')[0];

    private string Dataset => Command.Run("zfs", "list", "-H", "-o", "name", _fileSystem.Path).Trim();

    [FileSystemFact]
    public void Layers_that_are_removed_the_wrong_way_round_go_with_their_last_child()
    {
        using var play = new DriverPlayground(new ZfsDriverFactory(_system), _fileSystem.Path);
        var one = play.Image([], layer => layer.File("a", "1"));
        var two = play.Image([one], layer => layer.File("b", "2"));
        var (container, mount) = play.Run(two, one);
        using (mount)
        {
            play.Driver.Remove(one);
            play.Driver.Remove(two);
            Assert.Equal([container], play.Open().Enumerate().Select(layer => layer.Id));
            Assert.Equal("12", mount.Read("a") + mount.Read("b"));
        }
        play.Driver.Remove(container);
        var left = Command.Run("zfs", "list", "-H", "-o", "name", "-r", Dataset);
        Assert.All(new[] { one, two, container }, id => Assert.DoesNotContain(id.Value, left, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(play.Home, "removing")));
    }

    [FileSystemFact]
    public void Layers_go_into_the_dataset_that_the_option_names_whatever_it_is_set_to()
    {
        var parent = Pool + "/odd place";
        Command.Run("zfs", "create", "-o", "mountpoint=none", "-o", "utf8only=on", "-o", "normalization=formD", "-o", "snapdir=visible", "-o", "atime=on", parent);
        using (var play = new DriverPlayground(new ZfsDriverFactory(_system), "/dev/shm", new DriverOptions { ["zfs.fsname"] = parent, ["zfs.size"] = "20M" }))
        {
            Assert.Equal(parent, play.Driver.Status().Single(line => line.Name == "Parent Dataset").Value);
            var image = play.Image([], layer => layer.File("cafe\u0301", "1").File("caf\u00e9", "2").Attribute("caf\u00e9", "user.x", "y"u8.ToArray()));
            var (container, mount) = play.Run(image);
            using (mount)
            {
                Assert.Equal("12", mount.Read("cafe\u0301") + mount.Read("caf\u00e9"));
                Assert.Equal(2, Directory.EnumerateFileSystemEntries(mount.Root).Count());
                Assert.Equal(Errno.EDQUOT, Assert.Throws<IOException>(() => File.WriteAllBytes(mount.At("big"), new byte[40 << 20])).HResult);
            }
            Assert.Equal(parent + "/" + container.Value, Command.Run("zfs", "list", "-H", "-o", "name", parent + "/" + container.Value).Trim());
        }
        Command.Run("zfs", "destroy", "-R", parent);
    }

    [FileSystemFact]
    public void The_pool_s_books_say_what_containers_take_and_which_nobody_wrote_to()
    {
        using var play = new DriverPlayground(new ZfsDriverFactory(_system), _fileSystem.Path);
        var image = play.Image([], layer => layer.File("big", new string('x', 2_000_000)).File("removed", "x"));
        var containers = Enumerable.Range(0, 6).Select(_ => play.Container(image)).ToArray();
        using (var read = play.Mount(containers[1], [image]))
            Assert.Equal(2_000_000, read.Read("big").Length);
        using var written = play.Mount(containers[2], [image]);
        File.WriteAllBytes(written.At("own"), new byte[1_000_000]);
        using (var deleted = play.Mount(containers[3], [image]))
            File.Delete(deleted.At("removed"));
        using (var moded = play.Mount(containers[4], [image]))
            File.SetUnixFileMode(moded.At("big"), UnixFileMode.UserRead);
        using (var back = play.Mount(containers[5], [image]))
        {
            back.Write("new", "x");
            File.Delete(back.At("new"));
        }
        var accounts = play.Driver.Accounts(containers);
        Assert.Equal([true, true, false, false, false, false], containers.Select(id => accounts[id].Unchanged));
        Assert.InRange(accounts[containers[2]].AllocatedBytes!.Value, 1_000_000, 1_200_000);
        Assert.All(containers[..2], id => Assert.InRange(accounts[id].AllocatedBytes!.Value, 0, 16384));
        Assert.Empty(play.Changes(containers[5], image));

        // Somebody's snapshot of a container.
        Command.Run("zfs", "snapshot", $"{Dataset}/{containers[2].Value}@hourly");
        Assert.False(play.Driver.Accounts(containers)[containers[2]].Unchanged);
        Assert.Equal(["A /own"], play.Changes(containers[2], image));
        written.Dispose();
        foreach (var id in containers)
            play.Driver.Remove(id);
        Assert.Equal([image], play.Driver.Enumerate().Select(layer => layer.Id));
    }

    [FileSystemFact]
    public void A_dataset_that_somebody_destroyed_is_an_error_of_its_layer_alone()
    {
        using var play = new DriverPlayground(new ZfsDriverFactory(_system), _fileSystem.Path);
        var image = play.Image([], layer => layer.File("file", "x"));
        var lost = play.Container(image);
        Command.Run("zfs", "destroy", $"{Dataset}/{lost.Value}");
        foreach (var ask in new Action[] { () => play.Mount(lost, [image]), () => play.Driver.Measure(lost, [image]), () => play.Driver.SetQuota(lost, new LayerQuota(1 << 20)) })
        {
            var error = Assert.Throws<StoreException>(ask);
            Assert.Equal(ErrorIds.LayerNotFound, error.ErrorId);
            Assert.Contains(lost.Value[..12], error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.RecommendedAction);
        }
        Command.Run("zfs", "destroy", $"{Dataset}/{image.Value}@layer");
        Assert.Equal(ErrorIds.LayerNotFound, Assert.Throws<StoreException>(() => play.Container(image)).ErrorId);
        var (other, mount) = play.Run(play.Image([], layer => layer.File("file", "y")));
        using (mount)
            Assert.Equal("y", mount.Read("file"));
        foreach (var id in new[] { lost, image, other })
            play.Driver.Remove(id);
        Assert.Single(play.Driver.Enumerate(), layer => layer.Identity is not null);
    }

    [FileSystemFact]
    public void What_another_namespace_still_has_mounted_goes_when_that_lets_go()
    {
        using var play = new DriverPlayground(new ZfsDriverFactory(_system), _fileSystem.Path);
        var image = play.Image([], layer => layer.File("file", "x"));
        var (container, mount) = play.Run(image);
        using var holder = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "echo there; exec sleep 1000"]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("there", holder.StandardOutput.ReadLine());
            mount.Dispose();
            play.Driver.Remove(container);
            play.Driver.Remove(image);
            Assert.Empty(play.Driver.Enumerate());
            Assert.Equal(2L, play.Open().Status().Single(line => line.Name == "Datasets To Be Destroyed").Value);
        }
        finally
        {
            holder.Kill();
            holder.WaitForExit();
        }
        Assert.DoesNotContain(play.Open().Status(), line => line.Name == "Datasets To Be Destroyed");
        Assert.DoesNotContain(image.Value, Command.Run("zfs", "list", "-H", "-o", "name", "-r", Dataset), StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void In_a_full_pool_nothing_is_made_and_what_is_removed_makes_room()
    {
        using var place = new TestDirectory("/dev/shm");
        var (pool, disk) = ("layerstore-test-small", place["disk"]);
        using (var file = File.Create(disk))
            file.SetLength(80 << 20);
        Command.Run("zpool", "create", "-f", "-o", "cachefile=none", "-m", "none", pool, disk);
        try
        {
            using var play = new DriverPlayground(new ZfsDriverFactory(_system), "/dev/shm", new DriverOptions { ["zfs.fsname"] = pool });
            var image = play.Image([], layer => layer.File("file", "x"));
            var (container, mount) = play.Run(image);
            using (mount)
            {
                for (var size = 8 << 20; size >= 4096; size /= 2)
                    Assert.Equal(Errno.ENOSPC, Assert.Throws<IOException>(() => Fill(mount.Root, size)).HResult);
            }
            Command.Run("zpool", "sync", pool);
            var full = LayerId.New();
            var error = Assert.Throws<StoreException>(() => play.Driver.Prepare(full, LayerPurpose.Container, [image]));
            Assert.Equal(ErrorIds.DiskFull, error.ErrorId);
            Assert.Contains(pool, error.Message, StringComparison.Ordinal);
            play.Driver.Remove(full);
            play.Driver.Remove(container);
            Command.Run("zpool", "sync", pool);
            using var again = play.Run(image).Mount;
            Assert.Equal("x", again.Read("file"));
        }
        finally
        {
            Command.Run("zpool", "destroy", "-f", pool);
        }

        static void Fill(string root, int size)
        {
            for (var i = 0; i < 1000; i++)
                File.WriteAllBytes(Path.Combine(root, $"{size}-{i}"), new byte[size]);
        }
    }
}

/// <summary>In this process, by OpenZFS's libraries.</summary>
[DriverEnvironment("zfs", "OpenZFS 2.1", InGuest = true, Zfs = true), OnFileSystem(FileSystemKind.Zfs)]
public sealed class ZfsByLibrary(ZfsFixture fileSystem) : ZfsQuestionTests(fileSystem, ZfsSystem.Machine), IClassFixture<ZfsFixture>;

/// <summary>By zfs(8) and zpool(8) alone, as on a machine whose libraries are of an unknown release.</summary>
[DriverEnvironment("zfs", "OpenZFS 2.1", InGuest = true, Zfs = true), OnFileSystem(FileSystemKind.Zfs)]
public sealed class ZfsByPrograms(ZfsFixture fileSystem) : ZfsQuestionTests(fileSystem, ZfsSystem.Programs), IClassFixture<ZfsFixture>;
