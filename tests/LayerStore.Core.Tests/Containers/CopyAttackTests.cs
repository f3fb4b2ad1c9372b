using LayerStore.Containers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>What a container holds or does leads no copy out of the container, nor out of its destination.</summary>
public sealed class CopyAttackTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly Store _store;
    private readonly string _outside, _source;

    public CopyAttackTests()
    {
        _store = _folder.OpenWith("vfs");
        _store.Containers.Create(new ContainerOptions { Name = "c1" });
        _outside = Directory.CreateDirectory(Path.Combine(_folder.Base, "outside")).FullName;
        File.WriteAllText(Path.Combine(_outside, "secret"), "secret");
        _source = Path.Combine(_folder.Base, "source");
        File.WriteAllText(_source, "mine");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Links_to_the_outside_stay_inside()
    {
        var before = TreeFingerprint.Of(_outside);
        Inside($"mkdir -p .{_outside}; ln -s {_outside} absolute; ln -s ../../../../../../../..{_outside} relative; ln -s /proc/self/root/{_outside} magic; ln -s {_outside}/secret file; ln -s loop loop");

        Assert.Equal("/absolute/source", _store.Containers.CopyTo("c1", _source, "/absolute").FullName);
        _store.Containers.CopyTo("c1", _source, "/relative/second");
        _store.Containers.CopyTo("c1", _source, $"/../../..{_outside}/third");
        _store.Containers.CopyTo("c1", _source, "/file");
        Assert.Equal(ErrorIds.FileNotFound, Error(() => _store.Containers.CopyTo("c1", _source, "/magic/x")));
        Assert.Equal(ErrorIds.PathInvalid, Error(() => _store.Containers.CopyTo("c1", _source, "/loop")));
        Assert.Equal(ErrorIds.PathInvalid, Error(() => _store.Containers.CopyFrom("c1", "/loop/", Path.Combine(_folder.Base, "x"))));

        Assert.Equal(before, TreeFingerprint.Of(_outside));
        Assert.Equal("second secret source third", Inside($"ls .{_outside} | paste -sd ' '").Trim());
        Assert.Equal("mine", Inside($"cat .{_outside}/secret"));
    }

    [Fact]
    public void Links_to_the_outside_are_not_read()
    {
        Inside($"ln -s {_outside} absolute; ln -s {_outside}/secret file; mkdir d; ln -s {_outside} d/link");
        var options = new ContainerCopyOptions { FollowLink = true };
        foreach (var path in (string[])["/absolute/secret", "/absolute/", "/file/.", "/d/link/secret"])
            Assert.Equal(ErrorIds.FileNotFound, Error(() => _store.Containers.CopyFrom("c1", path, Path.Combine(_folder.Base, "x"), options)));
        Assert.Equal(ErrorIds.FileNotFound, Error(() => _store.Containers.CopyFrom("c1", "/file", Path.Combine(_folder.Base, "x"), options)));
        _store.Containers.CopyFrom("c1", "/d", Path.Combine(_folder.Base, "x"), options);
        Assert.Equal(_outside, new FileInfo(Path.Combine(_folder.Base, "x/link")).LinkTarget);
    }

    [Fact]
    public void Links_at_the_destination_are_not_written_through()
    {
        // What an earlier copy brought must not lead the next one astray.
        var before = TreeFingerprint.Of(_outside);
        Inside($"mkdir first second second/link second/dir; ln -s {_outside} first/link; ln -s {_outside}/secret first/secret; echo evil > second/link/secret; echo evil > second/secret; echo evil > second/dir/x");
        var target = Path.Combine(_folder.Base, "target");
        _store.Containers.CopyFrom("c1", "/first", target);
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => _store.Containers.CopyFrom("c1", "/second/.", target)));
        Inside("rm -r second/link");
        _store.Containers.CopyFrom("c1", "/second/.", target);
        Assert.Equal(before, TreeFingerprint.Of(_outside));
        Assert.Equal("evil\n", File.ReadAllText(Path.Combine(target, "secret")));
        Assert.Null(new FileInfo(Path.Combine(target, "secret")).LinkTarget);
    }

    [Fact]
    public void Hostile_files_come_out_as_what_they_are_or_not_at_all()
    {
        Assert.Equal(0, Libc.MknodAt(Libc.AT_FDCWD, Path.Combine(Tree, "socket\u001b]0;x\u0007"), Libc.S_IFSOCK | 0x180, 0));
        Inside("printf x > $'a\\e[31m\\nb'; printf y > $'\\xff\\xfe'; truncate -s 1T sparse; mkfifo pipe; mkdir deep; cd deep; for i in $(seq 300); do mkdir 0123456789012345678901234567890123456789; cd 0123456789012345678901234567890123456789; done; echo z > end");

        var target = Path.Combine(_folder.Base, "target");
        var copy = _store.Containers.CopyFrom("c1", "/", target);

        Assert.Equal("x", File.ReadAllText(Path.Combine(target, "a\u001b[31m\nb")));
        Assert.Equal("1\n", Command.Run("bash", "-c", $"cd {target}; cat $'\\xff\\xfe' | tr -d y | wc -l | tr 0 1"));
        Assert.Equal(1L << 40, new FileInfo(Path.Combine(target, "sparse")).Length);
        Assert.Equal("0\n", Command.Run("bash", "-c", $"stat -c %b {target}/sparse"));
        Assert.Equal("1\n", Command.Run("bash", "-c", $"find {target}/deep -name end | wc -l"));
        Assert.Equal([@"/socket\u001b]0;x\u0007: a socket, which nothing could use"], copy.Skipped);
        Command.Run("rm", "-rf", target);
        Inside("rm -rf deep $'\\xff\\xfe'");
    }

    [Fact]
    public async Task A_directory_that_is_swapped_by_a_link_meanwhile_leads_nowhere()
    {
        // Somebody in the container does nothing else, while files go in and out through the same path.
        var before = TreeFingerprint.Of(_outside);
        var many = Directory.CreateDirectory(Path.Combine(_folder.Base, "many/d")).Parent!.FullName;
        for (var i = 0; i < 50; i++)
            File.WriteAllText(Path.Combine(many, "d", $"f{i}"), "mine");
        Inside("mkdir -p d hidden");
        using var stop = new CancellationTokenSource();
        var swapper = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(Tree + "/d", Tree + "/aside");
                File.CreateSymbolicLink(Tree + "/d", _outside);
                File.Delete(Tree + "/d");
                Directory.Move(Tree + "/aside", Tree + "/d");
            }
        });
        try
        {
            for (var i = 0; i < 200; i++)
            {
                Try(() => _store.Containers.CopyTo("c1", many + "/.", "/"));
                Try(() => _store.Containers.CopyTo("c1", _source, "/d/x"));
                Try(() => _store.Containers.CopyFrom("c1", "/d/secret", Path.Combine(_folder.Base, "got"), new ContainerCopyOptions { FollowLink = true }));
                Try(() => _store.Containers.CopyFrom("c1", "/", Path.Combine(_folder.Base, $"copy{i % 3}")));
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
        // The swapper may trip over what a copy puts in its place; that is its end, and no harm.
        try
        {
            await swapper;
        }
        catch (IOException)
        {
        }
        Assert.Equal(before, TreeFingerprint.Of(_outside));
        Assert.False(File.Exists(Path.Combine(_folder.Base, "got")));
        var noLinks = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Assert.Equal([Path.Combine(_outside, "secret")], Directory.EnumerateFiles(_folder.Base, "secret", noLinks));
        Assert.Empty(Directory.EnumerateFiles(Tree, ".layerstore-*", noLinks));
    }

    private string Tree => _store.Containers.Mount("c1").Path;

    private string Inside(string script) => Command.Run("bash", "-ec", $"cd {Tree}; {script}");

    private static string Error(Action action) => Assert.Throws<StoreException>(action).ErrorId;

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (StoreException)
        {
            // What is refused is refused; what must not happen is looked for afterwards.
        }
    }
}
