using System.Runtime.InteropServices;
using LayerStore.Drivers;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;
using LayerStore.Linux.Btrfs;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What btrfs alone has.</summary>
[DriverEnvironment("btrfs", "btrfs"), OnFileSystem(FileSystemKind.Btrfs)]
public sealed class BtrfsTests : IClassFixture<BtrfsFixture>, IDisposable
{
    private readonly DriverPlayground _play;

    public BtrfsTests(BtrfsFixture fileSystem) => _play = new DriverPlayground("btrfs", fileSystem.Path);

    public void Dispose() => _play.Dispose();

    [FileSystemFact]
    public void A_committed_layer_refuses_every_write_and_holds_the_image_s_files_alone()
    {
        var image = _play.Image([], layer => layer.File("file", "x").Directory("dir"));
        Assert.Equal(["dir", "file"], DriverConformance.Listing(Tree(image)));
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(Tree(image), "file"), "y"));
        Assert.Equal(-1, Libc.MkdirAt(Libc.AT_FDCWD, Path.Combine(Tree(image), "new"), 0x1ED));
        Assert.Equal(Errno.EROFS, Marshal.GetLastPInvokeError());
    }

    [FileSystemFact]
    public void Three_hundred_layers_that_are_made_one_by_one_show_every_file() => LayerTower.Check(_play);

    [FileSystemFact]
    public void Subvolumes_that_a_container_made_go_with_it_at_any_depth()
    {
        var (container, mount) = _play.Run(_play.Image([], layer => layer.Directory("var").File("var/x", "x")));
        using (mount)
        {
            foreach (var path in new[] { "var/one", "var/one/two", "var/one/two/three", "four" })
                Command.Run("btrfs", "subvolume", "create", mount.At(path));
            mount.Write("var/one/two/three/file", "x");
            Command.Run("btrfs", "property", "set", mount.At("var/one/two"), "ro", "true");
        }
        _play.Driver.Remove(container);
        Assert.Single(_play.Driver.Enumerate());
        Assert.DoesNotContain(container.Value, Command.Run("btrfs", "subvolume", "list", _play.Home), StringComparison.Ordinal);
        Assert.DoesNotContain("three", Command.Run("btrfs", "subvolume", "list", _play.Home), StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void What_a_container_keeps_in_subvolumes_of_its_own_is_counted_whenever_it_changed()
    {
        var image = _play.Image([], layer => layer.File("x", "x"));
        var (container, mount) = _play.Run(image);
        using (mount)
        {
            Command.Run("btrfs", "subvolume", "create", mount.At("inner"));
            _play.Driver.Sync();
            Assert.Equal(["A /inner"], _play.Changes(container, image));
            mount.Write("inner/file", "12345");
            _play.Driver.Sync();
            Assert.Equal(["A /inner", "A /inner/file"], _play.Changes(container, image));
            Assert.Equal(5, _play.Driver.Measure(container, [image]).Bytes);
        }
    }

    [FileSystemFact]
    public void A_subvolume_whose_removal_was_cut_off_goes_when_the_driver_is_opened()
    {
        var (container, mount) = _play.Run();
        using (mount)
            Command.Run("btrfs", "subvolume", "create", mount.At("inner"));
        Directory.Move(Tree(container), Path.Combine(_play.Home, "removing", container.Value));
        _play.Open();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_play.Home, "removing")));
        Assert.DoesNotContain(container.Value, Command.Run("btrfs", "subvolume", "list", _play.Home), StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void Reading_in_a_container_changes_nothing()
    {
        var image = _play.Image([], layer =>
        {
            layer.File("file", "x");
            File.SetLastAccessTimeUtc(Path.Combine(layer.Root, "file"), DateTime.UnixEpoch);
        });
        var container = _play.Container(image);
        using (var mount = _play.Mount(container, [image]))
            Assert.Equal("x", mount.Read("file"));
        using var tree = DirectoryHandle.Open(Tree(container));
        var info = Subvolume.InfoOf(tree);
        Assert.True(info.ChangeTransaction <= info.OriginTransaction);
    }

    [FileSystemFact]
    public void A_removed_subvolume_is_an_error_that_names_the_layer_and_the_rest_works_on()
    {
        var image = _play.Image([], layer => layer.File("x", "x"));
        var (lost, mount) = _play.Run(image);
        mount.Dispose();
        Command.Run("btrfs", "subvolume", "delete", Tree(lost));
        foreach (var ask in new Action[] { () => _play.Driver.Measure(lost, [image]), () => _play.Driver.Account(lost), () => _play.Driver.Prepare(LayerId.New(), LayerPurpose.Container, [lost]) })
        {
            var error = Assert.Throws<StoreException>(ask);
            Assert.Equal(ErrorIds.LayerNotFound, error.ErrorId);
            Assert.Contains(lost.Value[..12], error.Message, StringComparison.Ordinal);
        }
        _play.Driver.Remove(lost);
        var (other, again) = _play.Run(image);
        again.Dispose();
        Assert.Equal(0, _play.Driver.Measure(other, [image]).Bytes);
        Assert.Equal(2, _play.Driver.Enumerate().Count());
    }

    [FileSystemFact]
    public void Every_name_of_a_file_that_changed_is_found_in_directories_that_did_not()
    {
        var image = _play.Image([], layer =>
        {
            for (var i = 0; i < 400; i++)
                layer.Directory($"dir{i:d3}");
            layer.File("dir000/file", "old");
            for (var i = 1; i < 400; i++)
                layer.Link($"dir{i:d3}/a-long-name-of-the-same-file-that-fills-the-blocks-of-the-tree", "dir000/file");
        });
        var (container, mount) = _play.Run(image);
        using (mount)
            mount.Write("dir007/a-long-name-of-the-same-file-that-fills-the-blocks-of-the-tree", "longer");
        var changes = _play.Changes(container, image);
        Assert.Equal(800, changes.Count);
        Assert.Equal(6, _play.Driver.Measure(container, [image]).Bytes);
    }

    [FileSystemFact]
    public void Random_changes_are_found_as_by_a_walk_through_both_trees()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var image = _play.Image([], layer =>
            {
                for (var i = 0; i < 40; i++)
                {
                    var directory = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(depth => $"d{random.Next(4)}"));
                    Directory.CreateDirectory(Path.Combine(layer.Root, directory));
                    layer.File($"{directory}/f{i}", new string('x', random.Next(5000)));
                }
            });
            var (container, mount) = _play.Run(image);
            using (mount)
            {
                for (var step = 0; step < 30; step++)
                    ChangeSomething(mount.Root, random, step);
                var found = _play.Driver.Changes(container, [image]);
                var walked = TreeDiffer.Compare(Tree(container), Tree(image), default(StatxTimestamp), CancellationToken.None);
                Assert.Equal(walked.Changes.Select(change => (change.Kind, change.Path)), found.Select(change => (change.Kind, change.Path)));
                Assert.Equal(walked.Usage with { AllocatedBytes = null }, _play.Driver.Measure(container, [image]));
            }
        }
    }

    private static void ChangeSomething(string root, Random random, int step)
    {
        var entries = Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var directories = entries.Where(Directory.Exists).Append(root).ToList();
        var entry = entries[random.Next(entries.Count)];
        var target = Path.Combine(directories[random.Next(directories.Count)], $"n{step}");
        switch (random.Next(7))
        {
            case 0:
                File.WriteAllText(target, new string('y', random.Next(5000)));
                break;
            case 1:
                Directory.CreateDirectory(target);
                break;
            case 2 when File.Exists(entry):
                File.AppendAllText(entry, "more");
                break;
            case 3 when File.Exists(entry):
                Command.Run("ln", entry, target);
                break;
            case 4 when !(target + "/").StartsWith(entry + "/", StringComparison.Ordinal):
                Directory.Move(entry, target);
                break;
            case 5:
                Command.Run("rm", "-r", entry);
                break;
            default:
                File.SetUnixFileMode(entry, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                break;
        }
    }

    private string Tree(LayerId id) => Path.Combine(_play.Home, "subvolumes", id.Value);
}
