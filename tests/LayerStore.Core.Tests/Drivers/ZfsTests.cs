using LayerStore.Drivers.Zfs;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What zfs alone has, on a real pool.</summary>
[DriverEnvironment("zfs", "OpenZFS 2.1", InGuest = true, Zfs = true), OnFileSystem(FileSystemKind.Zfs)]
public sealed class ZfsTests(ZfsFixture fileSystem) : IClassFixture<ZfsFixture>
{
    private string Dataset => Command.Run("zfs", "list", "-H", "-o", "name", fileSystem.Path).Trim();

    [FileSystemFact]
    public void Three_hundred_layers_show_every_file()
    {
        // A pool of their own: every list of the other tests' would show them.
        using var own = new LoopFileSystem(FileSystemKind.Zfs);
        using var play = new DriverPlayground("zfs", own.Path);
        LayerTower.Check(play);
    }

    [FileSystemFact]
    public void What_the_pool_says_of_changes_is_what_a_walk_of_both_trees_finds()
    {
        using var play = new DriverPlayground("zfs", fileSystem.Path);
        var image = play.Image([], layer =>
        {
            layer.Directory("same").Directory("same/deep").Directory("dir").Directory("links").Directory("moved").Directory("moved/below").File("moved/below/file", "x");
            foreach (var name in new[] { "a", "b", "c", "d", "e", "f", "g", "h" })
                layer.File($"dir/{name}", name).File($"same/deep/{name}", name);
            layer.File("odd \u00e9\n\\ name", "x").Symlink("link", "dir/a").File("links/one", "1").Link("links/two", "links/one");
        });
        string[] commands =
        [
            "true > new",
            "echo more >> dir/a",
            "chmod 600 dir/b",
            "chown 5:6 dir/c",
            "touch -d 2001-02-03 dir/d",
            "setfattr -n user.x -v 1 dir/e",
            "rm dir/f && echo again > dir/f",
            "rm dir/g",
            "mv dir/h dir/i",
            "mv moved renamed",
            "ln -sfn dir/b link",
            "echo y > \"$(ls -d odd*)\"",
            "mkdir -p one/two/three && echo z > one/two/three/z",
            "echo 2 >> links/two",
            "ln dir/a dir/second",
            "rm links/one",
            "mknod pipe p; rm -r same/deep",
        ];
        var driver = (ZfsDriver)play.Driver;
        var walker = play.Open();
        foreach (var command in commands)
        {
            var (container, mount) = play.Run(image);
            using (mount)
            {
                Command.Run("sh", "-ec", $"cd '{mount.Root}'; {command}");

                // Also while it is mounted and in use.
                foreach (var isMounted in new[] { true, false })
                {
                    if (!isMounted)
                        mount.Dispose();
                    driver.AskFrom = 0;
                    var told = play.Changes(container, image);
                    Assert.Equal(walker.Changes(container, [image]).Select(change => $"{"ACD"[(int)change.Kind]} {change.Path}"), told);
                    Assert.NotEmpty(told);
                    Assert.Equal(walker.Measure(container, [image]) with { AllocatedBytes = null }, driver.Measure(container, [image]) with { AllocatedBytes = null });
                }
            }
        }
        Assert.DoesNotContain("@zfs-diff", Command.Run("zfs", "list", "-H", "-t", "snapshot", "-o", "name", "-r", Dataset), StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void A_layer_s_life_starts_no_program()
    {
        var log = new List<string>();
        var system = ZfsSystem.Machine with { Zfs = new Noting("zfs", log), Zpool = new Noting("zpool", log) };
        using var play = new DriverPlayground(new ZfsDriverFactory(system), fileSystem.Path, new DriverOptions { ["zfs.size"] = "20M" });
        log.Clear();
        var image = play.Image([], layer => layer.File("file", "x"));
        var upper = play.Image([image], layer => layer.File("file", "y"));
        var (container, mount) = play.Run(upper, image);
        using (mount)
            mount.Write("file", "changed");
        Assert.False(play.Driver.Accounts([container, upper])[container].Unchanged);
        foreach (var id in new[] { container, upper, image })
            play.Driver.Remove(id);
        Assert.Empty(log);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(play.Home, "removing")));
        Assert.Equal("no datasets", Command.Run("sh", "-c", $"zfs list -H -o name -r '{Dataset}' | grep -E '{image.Value}|{upper.Value}|{container.Value}' || echo no datasets").Trim());
    }

    [FileSystemFact]
    public void Datasets_have_the_same_properties_and_books_whoever_made_them()
    {
        ZfsSystem[] systems = [ZfsSystem.Machine, ZfsSystem.Programs];
        var seen = systems.Select(system =>
        {
            using var play = new DriverPlayground(new ZfsDriverFactory(system), fileSystem.Path, new DriverOptions { ["zfs.size"] = "20M" });
            var image = play.Image([], layer => layer.File("file", new string('x', 100_000)));
            var container = play.Container(image);
            var properties = new[] { image, container }.Select(id => Command.Run(
                "sh", "-c", $"zfs get -Hp -o property,value,source all '{Dataset}/{id.Value}' | grep -E 'local$|^(normalization|utf8only|casesensitivity|quota|type)'"));
            var told = string.Concat(properties);
            var accounts = systems.Select(other => new ZfsDriver(play.Home, new ZfsDatasets(other, Dataset), null).Accounts([image, container, LayerId.New()])).ToList();
            Assert.Equal(accounts[0].OrderBy(account => account.Key.Value), accounts[1].OrderBy(account => account.Key.Value));
            Assert.True(accounts[0][container].Unchanged);
            foreach (var id in new[] { container, image })
                play.Driver.Remove(id);
            return told;
        }).ToList();
        Assert.Equal(seen[1], seen[0]);
        Assert.Contains("auto-snapshot\tfalse\tlocal", seen[0], StringComparison.Ordinal);
        Assert.Contains("quota\t20971520\tlocal", seen[0], StringComparison.Ordinal);
    }

    private sealed class Noting(string name, List<string> log) : IZfsProgram
    {
        private readonly ZfsProgram _program = new(name);

        public ZfsResult Run(params IReadOnlyList<string> arguments)
        {
            log.Add($"{name} {string.Join(' ', arguments)}");
            return _program.Run(arguments);
        }
    }
}
