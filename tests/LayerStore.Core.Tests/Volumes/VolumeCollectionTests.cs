using System.Diagnostics;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Volumes;

/// <summary>Volumes come, are listed and go; what stands outside of them stays.</summary>
public sealed class VolumeCollectionTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly Store _store;

    public VolumeCollectionTests() => _store = _folder.Open();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private string At(string name) => Path.Combine(_folder.Root, "volumes", name);

    private ContainerVolume Make(string name) => _store.Volumes.Create(new VolumeOptions { Name = name });

    [Fact]
    public void A_volume_stands_where_docker_has_it_and_says_what_it_is()
    {
        var made = _store.Volumes.Create(new VolumeOptions { Name = "db", Labels = new Dictionary<string, string> { ["a"] = "1" } });
        Assert.Equal(("db", At("db/_data"), false, "local"), (made.Name, made.Mountpoint, made.Anonymous, made.Driver));
        Assert.Equal("1", made.Labels["a"]);
        Assert.Equal(DateTimeKind.Utc, made.Created.Kind);
        File.WriteAllText(Path.Combine(made.Mountpoint, "file"), "12345");
        Assert.Equal(5, _store.Volumes.Measure("db").Bytes);
        using var again = _folder.Open();
        var seen = Assert.Single(again.Volumes.List());
        Assert.Equal((made.Name, made.Created, "1"), (seen.Name, seen.Created, seen.Labels["a"]));
        Assert.Empty(seen.UsedBy);
    }

    [Fact]
    public void Without_a_name_it_gets_64_digits_and_is_anonymous()
    {
        var made = _store.Volumes.Create(new VolumeOptions());
        Assert.True(made.Anonymous);
        Assert.Matches("^[0-9a-f]{64}$", made.Name);
    }

    [Fact]
    public void A_volume_that_is_there_is_given_as_it_is_and_never_instead_of_another()
    {
        var labels = new Dictionary<string, string> { ["a"] = "1" };
        var first = _store.Volumes.Create(new VolumeOptions { Name = "db", Labels = labels });
        File.WriteAllText(Path.Combine(first.Mountpoint, "file"), "x");
        Assert.Equal(first.Created, Make("db").Created);
        Assert.Equal(first.Created, _store.Volumes.Create(new VolumeOptions { Name = "db", Labels = labels }).Created);
        Assert.True(File.Exists(Path.Combine(first.Mountpoint, "file")));
        labels = new Dictionary<string, string> { ["a"] = "2" };
        AssertFails(ErrorIds.VolumeExists, () => _store.Volumes.Create(new VolumeOptions { Name = "db", Labels = labels }));
        AssertFails(ErrorIds.VolumeExists, () => _store.Volumes.Create(new VolumeOptions { Name = "db", Size = 1 << 20 }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData(".a")]
    [InlineData("_data")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("ab\0")]
    [InlineData("äb")]
    [InlineData("a\u001b[31m")]
    public void What_is_no_name_is_refused_and_makes_nothing(string name)
    {
        AssertFails(ErrorIds.VolumeNameInvalid, () => Make(name));
        AssertFails(ErrorIds.VolumeNameInvalid, () => Make(new string('a', 256)));
        AssertFails(ErrorIds.VolumeNotFound, () => _store.Volumes.Remove(name));
        Assert.False(Directory.Exists(At("")));
    }

    [Fact]
    public void Removing_deletes_what_it_holds_and_nothing_that_links_lead_to()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder.Base, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "file"), "x");
        var volume = Make("db");
        File.CreateSymbolicLink(Path.Combine(volume.Mountpoint, "link"), outside);
        Directory.CreateDirectory(Path.Combine(volume.Mountpoint, "a/b"));
        _store.Volumes.Remove("db");
        Assert.False(Directory.Exists(At("db")));
        // A directory that somebody moved elsewhere and linked.
        volume = Make("moved");
        Directory.Delete(volume.Mountpoint);
        Directory.CreateSymbolicLink(volume.Mountpoint, outside);
        AssertFails(ErrorIds.VolumeDamaged, () => _store.Volumes.Measure("moved"));
        AssertFails(ErrorIds.VolumeDamaged, () => _store.Volumes.Export("moved", Path.Combine(_folder.Base, "x.tar")));
        _store.Volumes.Remove("moved");
        Assert.Equal("x", File.ReadAllText(Path.Combine(outside, "file")));
        Assert.Empty(_store.Volumes.List());
        AssertFails(ErrorIds.VolumeNotFound, () => _store.Volumes.Get("db"));
    }

    [Fact]
    public void A_directory_that_the_store_knows_nothing_of_is_neither_taken_nor_removed()
    {
        Directory.CreateDirectory(At("db/_data"));
        File.WriteAllText(At("db/_data/file"), "x");
        AssertFails(ErrorIds.VolumeExists, () => Make("db"));
        Assert.Empty(_store.Volumes.List());
        using (_folder.Open())
            Assert.Equal("x", File.ReadAllText(At("db/_data/file")));
        // What a power cut left of one that was being made holds nothing.
        Directory.CreateDirectory(At("empty/_data"));
        Make("empty");
    }

    [RootFact]
    public void Where_something_is_mounted_inside_nothing_is_removed()
    {
        var volume = Make("db");
        File.WriteAllText(Path.Combine(volume.Mountpoint, "file"), "x");
        var inner = Directory.CreateDirectory(Path.Combine(volume.Mountpoint, "inner")).FullName;
        Assert.Equal(0, Libc.Mount("none", inner, "tmpfs", 0, null));
        AssertFails(ErrorIds.MountBusy, () => _store.Volumes.Remove("db", force: true));
        Assert.True(File.Exists(Path.Combine(volume.Mountpoint, "file")));
        Assert.Equal(0, Libc.Umount2(inner, 0));
        _store.Volumes.Remove("db");
    }

    [Fact]
    public void A_volume_that_a_container_has_is_not_removed_unless_by_force()
    {
        _store.Containers.Create(new() { Name = "c1", Mounts = ["db:/data"] });
        Assert.Equal(["c1"], _store.Volumes.Get("db").UsedBy);
        var error = AssertFails(ErrorIds.VolumeInUse, () => _store.Volumes.Remove("db"));
        Assert.Contains("c1", error.Message, StringComparison.Ordinal);
        _store.Volumes.Remove("db", force: true);
    }

    [Fact]
    public void Where_the_file_system_cannot_limit_it_nothing_is_made()
    {
        // The folder of temporary files is on none that can; where it is, there is nothing to see.
        if (new ProjectQuota(_folder.Base).Missing().Length == 0)
            return;
        var error = AssertFails(ErrorIds.VolumeSizeUnsupported, () => _store.Volumes.Create(new VolumeOptions { Name = "db", Size = 1 << 20 }));
        Assert.Contains("prjquota", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_store.Volumes.List());
        Assert.False(Directory.Exists(At("db")));
        AssertFails(ErrorIds.ArgumentInvalid, () => _store.Volumes.Create(new VolumeOptions { Name = "db", Size = 0 }));
    }

    [Fact]
    public void Eight_at_once_make_one_volume()
    {
        Parallel.For(0, 8, _ =>
        {
            using var store = _folder.Open();
            store.Volumes.Create(new VolumeOptions { Name = "db" });
        });
        Assert.Equal("db", Assert.Single(_store.Volumes.List()).Name);
    }

    [Theory]
    [InlineData(VolumeState.Creating, false)]
    [InlineData(VolumeState.Removing, false)]
    [InlineData(VolumeState.Filling, true)]
    internal void What_a_dead_owner_left_is_undone_or_finished_by_whoever_comes_next(VolumeState state, bool stays)
    {
        var volume = Make("db");
        File.WriteAllText(Path.Combine(volume.Mountpoint, "file"), "x");
        Directory.CreateDirectory(At("db/_new"));
        File.WriteAllText(At("db/_new/half"), "x");
        _store.Metadata.Database.Write(transaction =>
        {
            // A process that cannot be there any more: another boot's.
            OwnerRecords.Ensure(transaction, 4711, ProcessIdentity.Current with { BootId = "another" });
            VolumeRecords.SetState(transaction, "db", state, 4711);
        }, durable: false);

        using (_folder.Open())
        {
            Assert.Equal(stays ? ["db"] : [], _store.Volumes.List().Select(volume => volume.Name));
            Assert.Equal(stays, File.Exists(At("db/_data/file")));
            Assert.False(Directory.Exists(At("db/_new")));
        }
        Make("db");
    }

    [Fact]
    public void A_crash_between_the_two_steps_of_replacing_leaves_what_was_there()
    {
        var volume = Make("db");
        File.WriteAllText(Path.Combine(volume.Mountpoint, "file"), "x");
        Directory.Move(At("db/_data"), At("db/_old"));
        Directory.CreateDirectory(At("db/_new"));
        _store.Metadata.Database.Write(transaction => VolumeRecords.SetState(transaction, "db", VolumeState.Filling, null), durable: false);
        using (_folder.Open())
            Assert.Equal("x", File.ReadAllText(At("db/_data/file")));
        Assert.Equal(["_data"], Directory.GetFileSystemEntries(At("db")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_process_that_is_killed_while_it_imports_leaves_no_half_of_it(bool exists)
    {
        if (exists)
            File.WriteAllText(Path.Combine(Make("db").Mountpoint, "file"), "x");
        var pipe = Path.Combine(_folder.Base, "pipe");
        Process.Start("mkfifo", [pipe]).WaitForExit();
        using (var child = Child.Start("import-volume", _folder.Root, "-", pipe, "db"))
        {
            using (var stream = new FileStream(pipe, FileMode.Open, FileAccess.Write))
            {
                stream.Write(new Archives.TarBuilder().File("half", new string('x', 3 << 20)).Bytes());
                stream.Flush();
                var watch = Stopwatch.StartNew();
                while (!File.Exists(At(exists ? "db/_new/half" : "db/_data/half")) && watch.Elapsed < TimeSpan.FromSeconds(60))
                    Thread.Sleep(10);
                child.Kill();
                child.WaitForExit();
            }
        }
        using var again = _folder.Open();
        Assert.Equal(exists ? ["db"] : [], again.Volumes.List().Select(volume => volume.Name));
        if (exists)
            Assert.Equal(["file"], Directory.GetFileSystemEntries(At("db/_data")).Select(Path.GetFileName));
        else
            Assert.False(Directory.Exists(At("db")));
    }

    private static StoreException AssertFails(string id, Action action)
    {
        var error = Assert.Throws<StoreException>(action);
        Assert.Equal(id, error.ErrorId);
        return error;
    }
}
