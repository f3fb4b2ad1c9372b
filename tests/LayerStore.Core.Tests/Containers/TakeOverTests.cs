using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>On overlay2 a container's layer becomes the image's where the container ends with it, or is cloned where blocks are shared; the image is the same as everywhere, and a crash loses nothing.</summary>
public sealed class TakeOverTests : IDisposable
{
    // What an upper directory has besides what an archive of it says: an opaque directory, a socket, whiteouts that hide nothing, directories that were only passed through, copied-up files with notes.
    private const string Script = """
        echo changed >> etc/motd; rm -r again; mkdir again; echo 1 > again/kept; touch made; rm made; yes | head -c 3000000 > big; mkdir -p pass/through; rm -r pass
        echo x > new; ln new etc/hard; truncate -s 1M sparse; ln -s /etc etc/link; mkfifo pipe; chmod 700 home; chmod 755 .
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'; touch -d @1600000000.5 etc again new
        """;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RootTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_image_is_the_one_that_is_made_on_other_drivers(bool takeOver)
    {
        string expected, tree;
        using (var folder = new StoreFolder())
        using (var other = folder.OpenWith("vfs"))
        {
            Change(folder, other);
            expected = DiffId(other, other.Containers.Commit("c1", new CommitOptions { References = ["made:1"] }));
            tree = Tree(other);
        }
        using var store = _folder.OpenWith("overlay2");
        Change(_folder, store);
        var image = store.Containers.Commit("c1", new CommitOptions { References = ["made:1"], RemoveContainer = takeOver });

        Assert.Equal(expected, DiffId(store, image));
        Assert.Equal(tree, Tree(store));
        Assert.Equal(takeOver ? 1 : 2, store.Containers.List().Count); // c2 shows the tree.
        AssertIsWhole(store, image);
        using var sink = new MemoryStream();
        store.Layers.WriteArchive(image.Layers[^1], sink);
        Assert.Equal(store.Layers.Get(image.Layers[^1]).UncompressedSize, sink.Length);
    }

    [RootFact]
    public void The_same_layer_again_is_not_kept_twice()
    {
        using var store = _folder.OpenWith("overlay2");
        Change(_folder, store);
        var first = store.Containers.Commit("c1", new CommitOptions());
        var second = store.Containers.Commit("c1", new CommitOptions { RemoveContainer = true });
        Assert.Equal(first.Layers, second.Layers);
        Assert.Equal(2, store.Driver.Enumerate().Count());
        Assert.Empty(store.Containers.List());
    }

    [RootFact]
    public void A_mounted_container_is_not_taken()
    {
        using var store = _folder.OpenWith("overlay2");
        Change(_folder, store);
        store.Containers.Mount("c1");
        Assert.Equal(ErrorIds.ContainerMounted, Assert.Throws<StoreException>(() => store.Containers.Commit("c1", new CommitOptions { RemoveContainer = true })).ErrorId);
        Assert.DoesNotContain(store.Images.List(), image => image.LayerCount > 1);
        store.Containers.Dismount("c1");
    }

    [RootTheory]
    [InlineData("vfs", false)]
    [InlineData("overlay2", true)]
    public void Where_nothing_can_be_taken_over_the_container_goes_all_the_same(string driver, bool squash)
    {
        using var store = _folder.OpenWith(driver);
        Change(_folder, store);
        var image = store.Containers.Commit("c1", new CommitOptions { References = ["made:1"], RemoveContainer = true, Squash = squash });
        Assert.Empty(store.Containers.List());
        Assert.Equal(squash ? 1 : 2, image.LayerCount);
    }

    [RootTheory]
    [InlineData("Sync", false)]
    [InlineData("Sync.", false)]
    [InlineData("TakeOver", true)]
    [InlineData("TakeOver.", true)]
    [InlineData("WriteIdentity.", true)]
    [InlineData("Commit", true)]
    [InlineData("Commit.", true)]
    [InlineData("SyncLayer.", true)]
    public void Killed_while_a_layer_is_taken_over_nothing_is_lost(string step, bool isDone)
    {
        List<string> changes;
        using (var store = _folder.OpenWith("overlay2"))
        {
            Change(_folder, store);
            changes = [.. store.Containers.Changes("c1").Select(change => change.ToString())];
        }

        Assert.Equal(137, Child.Run("commit", _folder.Root, step, "take-over").ExitCode);

        using var again = _folder.OpenWith("overlay2");
        if (isDone)
        {
            Assert.Empty(again.Containers.List());
            AssertIsWhole(again, again.Images.Get("made:1"));
            return;
        }
        Assert.Single(again.Images.List());
        Assert.Equal(changes, again.Containers.Changes("c1").Select(change => change.ToString()));
        var path = again.Containers.Mount("c1").Path;
        Assert.True(File.Exists(path + "/socket"));
        File.WriteAllText(path + "/more", "x");
        again.Containers.Dismount("c1");
        AssertIsWhole(again, again.Containers.Commit("c1", new CommitOptions { RemoveContainer = true }));
    }

    [RootFact]
    public void On_a_file_system_that_shares_blocks_large_files_are_cloned()
    {
        using var xfs = new LoopFileSystem(FileSystemKind.Xfs);
        var options = new StoreOptions { Root = Path.Combine(xfs.Path, "store"), Driver = "overlay2" };
        using (var store = Store.Open(options))
            Change(_folder, store);
        foreach (var step in (string[])["Prepare.", "CopyLayer.", "TakeOver.", "Sync."])
        {
            Assert.Equal(137, Child.Run("commit", options.Root, step, "copy").ExitCode);
            using var again = Store.Open(options);
            Assert.Equal((2, 1, 1), (again.Driver.Enumerate().Count(), again.Images.List().Count, again.Containers.List().Count));
        }
        using (var store = Store.Open(options))
        {
            var image = store.Containers.Commit("c1", new CommitOptions { References = ["made:1"] });
            AssertIsWhole(store, image);
            Assert.Contains("shared", Command.Run("filefrag", "-v", Path.Combine(options.Root, "overlay2", image.Layers[^1], "diff", "big")), StringComparison.Ordinal);
            var tree = Tree(store);
            var taken = store.Containers.Commit("c1", new CommitOptions { RemoveContainer = true });
            Assert.Equal(image.Layers, taken.Layers);
            Assert.Contains("/big", tree, StringComparison.Ordinal);
        }
    }

    private static void Change(StoreFolder folder, Store store)
    {
        var archive = Path.Combine(folder.Base, "image.tar");
        new ImageBuilder("base:1").Layer(("etc/motd", "hello"), ("etc/other", "x"), ("again/a", "1"), ("again/b", "2"), ("home/x", "y")).WriteDockerArchive(archive);
        _ = store.Images.Import(archive, new ImportOptions()).ToList();
        store.Containers.Create(new ContainerOptions { Image = "base:1", Name = "c1" });
        var path = store.Containers.Mount("c1").Path;
        Command.Run("bash", "-ec", $"cd {path}; {Script}; touch -d @1600000001 big again/kept etc/motd new etc/hard sparse pipe; touch -h -d @1600000002 etc/link; touch -d @1600000003 home etc again");
        store.Containers.Dismount("c1");
    }

    private static string DiffId(Store store, ContainerImage image) => store.Layers.Get(image.Layers[^1]).DiffId;

    private static string Tree(Store store)
    {
        store.Containers.Create(new ContainerOptions { Image = "made:1", Name = "c2" });
        var path = store.Containers.Mount("c2", readOnly: true).Path;
        var tree = string.Join('\n', TreeFingerprint.Of(path));
        store.Containers.Dismount("c2");
        Assert.Empty(store.Containers.Changes("c2"));
        return tree;
    }

    /// <summary>Nothing of the container is left in the image's layer: no work directory, no socket, no note of the kernel's, and the books agree with the disk.</summary>
    private static void AssertIsWhole(Store store, ContainerImage image)
    {
        var layer = store.Layers.Get(image.Layers[^1]);
        var home = Path.Combine(store.Root, "overlay2", layer.Id);
        Assert.Equal(["diff", "identity.json", "tar-split.json.gz"], Directory.EnumerateFileSystemEntries(home).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Contains("\"kind\":\"image\"", File.ReadAllText(Path.Combine(home, "identity.json")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(home, "diff", "socket")));
        Assert.Equal("", Command.Run("bash", "-c", $"getfattr -R -P -m 'overlay.(origin|impure)' {home}/diff 2>/dev/null; find {home}/diff -type s"));
        using var diff = DirectoryHandle.Open(Path.Combine(home, "diff"));
        var usage = TreeUsage.Measure(diff, CancellationToken.None);
        Assert.Equal((usage.Bytes, usage.Inodes), (layer.Size, layer.Inodes));
        Assert.Equal(0, store.Metadata.Database.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM layers WHERE taken_over <> 0 OR state <> 1")));
    }
}
