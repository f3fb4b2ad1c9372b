using LayerStore.Drivers;
using LayerStore.Drivers.Aufs;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>aufs's layout on disk and its mount plans, which need no kernel that has it.</summary>
public sealed class AufsTests : IDisposable
{
    private readonly TestDirectory _place = new("/dev/shm");
    private readonly AufsDriver _driver;

    public AufsTests()
    {
        LayerFiles.CreateHome(Home, AufsLayout.BranchesName, AufsLayout.MetaName);
        _driver = new AufsDriver(Home);
    }

    private string Home => _place["aufs"];

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_plan_is_data_and_names_the_branches_uppermost_first()
    {
        var (id, parent, grandparent) = (LayerId.New(), LayerId.New(), LayerId.New());
        var plan = Assert.IsType<MountPlan.Aufs>(_driver.PlanMount(id, [parent, grandparent], MountMode.ReadWrite));
        Assert.Equal([$"{Home}/diff/{id}", $"{Home}/diff/{parent}", $"{Home}/diff/{grandparent}"], plan.Branches);
        Assert.False(plan.ReadOnly);
        Assert.True(Assert.IsType<MountPlan.Aufs>(_driver.PlanMount(id, [], MountMode.ReadOnly)).ReadOnly);
        Assert.Empty(_driver.Enumerate());
    }

    [Fact]
    public void A_chain_deeper_than_aufs_stacks_is_refused_with_the_limit()
    {
        var parents = Enumerable.Range(0, 127).Select(_ => LayerId.New()).ToArray();
        Assert.Equal(127, Assert.IsType<MountPlan.Aufs>(_driver.PlanMount(LayerId.New(), parents[..126], MountMode.ReadWrite)).Branches.Count);
        var error = Assert.Throws<StoreException>(() => _driver.PlanMount(LayerId.New(), parents, MountMode.ReadWrite));
        Assert.Equal(ErrorIds.LayerDepthExceeded, error.ErrorId);
        Assert.Contains("126", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Branches_beyond_one_page_are_appended_by_remounts_and_none_is_lost()
    {
        var branches = Enumerable.Range(0, 127).Select(i => $"/var/lib/layerstore/aufs/diff/{i:D64}").ToArray();
        var steps = AufsMount.Steps(new MountPlan.Aufs(branches, ReadOnly: false), path => path, 4096);
        Assert.StartsWith($"br:{branches[0]}=rw:{branches[1]}=ro+wh:", steps[0], StringComparison.Ordinal);
        Assert.All(steps, step => Assert.InRange(step.Length, 1, 4095 - 80));
        Assert.All(steps.Skip(1), step => Assert.StartsWith("append:/", step, StringComparison.Ordinal));
        var named = steps[0]["br:".Length..].Split(':').Concat(steps.Skip(1).SelectMany(step => step.Split(',')).Select(word => word["append:".Length..]));
        Assert.Equal(branches, named.Select(word => word.Split('=')[0]));
        Assert.Equal(["=rw"], named.Where(word => word.EndsWith("=rw", StringComparison.Ordinal)).Select(word => word[^3..]));
    }

    [Fact]
    public void Short_names_are_still_no_more_than_the_kernel_collects_at_once()
    {
        var branches = Enumerable.Range(0, 127).Select(i => $"/b{i}").ToArray();
        var steps = AufsMount.Steps(new MountPlan.Aufs(branches, ReadOnly: true), path => path, 4096);
        Assert.Equal(2, steps.Count);
        Assert.Equal(64, steps[0].Split(':').Length - 1);
        Assert.DoesNotContain("=rw", steps[0], StringComparison.Ordinal);
    }

    [RootFact]
    public void A_layer_stands_on_disk_as_its_archive_says_it()
    {
        var lower = Image([], layer => layer.File("file", "x").Directory("dir").File("dir/old", "x").File("kept", "x"));
        var upper = Image([lower], layer => layer.Whiteout("file").Directory("dir").Opaque("dir").File("dir/new", "y").Mode("dir", 0x1C0)
            .Attribute("dir/new", "trusted.overlay.overlay.note", "n"u8.ToArray()));
        Assert.Equal([".wh.file", "dir", "dir/.wh..wh..opq", "dir/new"], DriverConformance.Listing($"{Home}/diff/{upper}"));
        Assert.Equal(["identity.json"], DriverConformance.Listing($"{Home}/layers/{upper}"));
        Assert.Equal(0, new FileInfo($"{Home}/diff/{upper}/.wh.file").Length);
        Assert.Null(ExtendedAttributes.Get(FileName.Terminated($"{Home}/diff/{upper}/dir"), "trusted.overlay.opaque\0"u8));
        Assert.Equal("n"u8, ExtendedAttributes.Get(FileName.Terminated($"{Home}/diff/{upper}/dir/new"), "trusted.overlay.note\0"u8)!);
        Assert.Equal([(upper, true), (lower, true)], _driver.Enumerate().Select(layer => (layer.Id, layer.Identity is not null)).OrderBy(layer => layer.Id != upper));
        Assert.Equal(["dir/new"], DriverConformance.Listing(Contents(upper)).Where(path => path.StartsWith("dir/n", StringComparison.Ordinal)));
        _driver.Remove(lower);
        _driver.Remove(lower);
        Assert.Equal([upper], _driver.Enumerate().Select(layer => layer.Id));
    }

    [RootFact]
    public void Times_of_directories_are_the_layers_also_where_whiteouts_got_other_names()
    {
        var then = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        var lower = Image([], layer => layer.Directory("dir").File("dir/file", "x"));
        var upper = Image([lower], layer =>
        {
            layer.Directory("dir").Whiteout("dir/file");
            Directory.SetLastWriteTimeUtc(Path.Combine(layer.Root, "dir"), then);
        });
        Assert.Equal([".wh.file"], Directory.EnumerateFiles($"{Home}/diff/{upper}/dir").Select(Path.GetFileName));
        Assert.Equal(then, Directory.GetLastWriteTimeUtc($"{Home}/diff/{upper}/dir"));
    }

    [RootFact]
    public void Changes_and_sizes_are_read_off_a_branch_as_aufs_leaves_it()
    {
        var image = Image([], layer => layer.File("gone", "xx").File("same", "x").File("changed", "x").Directory("dir").File("dir/a", "a").File("dir/b", "b").Directory("old").File("old/x", "x"));
        var container = LayerId.New();
        _driver.Prepare(container, LayerPurpose.Container, [image]);
        var branch = $"{Home}/diff/{container}";

        // What a mounted aufs leaves behind: its books, whiteouts that share an inode, a pseudo-link.
        Command.Run("sh", "-c", $"""
            cd {branch} && ln .wh..wh.aufs .wh.gone && ln .wh..wh.aufs .wh.old &&
            printf 12345 > changed && ln changed .wh..wh.plnk/1.2 && mkdir dir new && ln .wh..wh.aufs dir/.wh..wh..opq && printf c > dir/c && printf bb > dir/b
            """);
        Assert.Equal(
            ["/changed Modified", "/dir/a Deleted", "/dir/b Modified", "/dir/c Added", "/gone Deleted", "/new Added", "/old Deleted"],
            _driver.Changes(container, [image]).Select(change => $"{change.Path} {change.Kind}").Where(change => change != "/dir Modified"));
        var usage = _driver.Measure(container, [image]);
        Assert.Equal((8, 7), (usage.Bytes, usage.Inodes));
    }

    [Fact]
    public void The_probe_says_what_a_kernel_without_it_lacks_and_leaves_nothing()
    {
        if (File.ReadAllText("/proc/filesystems").Contains("aufs", StringComparison.Ordinal))
            return; // Its environment's own tests say what such a kernel has.
        using var place = new TestDirectory("/dev/shm");
        var report = DriverCatalog.Get("aufs").Probe(place.Path);
        Assert.False(report.Supported);
        Assert.Equal("aufs", report.Failure!.Name);
        Assert.Contains("no part of Linux", report.Failure.Remedy, StringComparison.Ordinal);
        Assert.Contains("overlay2", report.Failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(() => DriverCatalog.Get("aufs").Open(place["aufs"], [])).ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Path));
    }

    [Fact]
    public void It_takes_no_options()
    {
        var error = Assert.Throws<StoreException>(() => DriverCatalog.Get("aufs").Open(_place["other"], new DriverOptions { ["aufs.size"] = "1G" }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, "aufs.size"), (error.ErrorId, error.Target));
        Assert.Contains("no options", error.RecommendedAction, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place["other"]));
    }

    private string Contents(LayerId id)
    {
        using var contents = _driver.OpenContents(id);
        return new FileInfo($"/proc/self/fd/{contents.Handle.Descriptor()}").LinkTarget!;
    }

    private LayerId Image(IReadOnlyList<LayerId> parents, Action<StagedLayer> write)
    {
        var id = LayerId.New();
        _driver.Prepare(id, LayerPurpose.Image, []);
        var target = _driver.OpenForApply(id);
        using (target.Directory)
            write(new StagedLayer(target.DisplayPath));
        _driver.CompleteApply(id, parents, new() { DiffId = default, ArchiveBytes = 0, Usage = default });
        _driver.WriteIdentity(id, "{}"u8);
        _driver.Commit(id);
        ((IStorageDriver)_driver).ConfirmIdentity(id);
        return id;
    }
}
