using LayerStore.Drivers;
using LayerStore.Recommendation;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Recommendation;

/// <summary>What is recommended, and why.</summary>
public sealed class DriverRecommenderTests
{
    private static readonly ProbeCheck Reflink = new("shared blocks", Passed: true, Required: false, "FICLONE works");
    private static readonly ProbeCheck NoReflink = new("shared blocks", Passed: false, Required: false, "FICLONE: not supported", "Use xfs.");

    [Theory]
    [InlineData(StorageWorkload.Balanced, "overlay2")]
    [InlineData(StorageWorkload.ManySmallFiles, "overlay2")]
    [InlineData(StorageWorkload.BigFiles, "btrfs")]
    [InlineData(StorageWorkload.ManyContainers, "overlay2")]
    [InlineData(StorageWorkload.Build, "overlay2")]
    [InlineData(StorageWorkload.Durability, "zfs")]
    [InlineData(StorageWorkload.MemoryPoor, "overlay2")]
    [InlineData(StorageWorkload.Rootless, "vfs")]
    public void The_best_driver_is_that_of_the_manuals_and_says_why(StorageWorkload workload, string best)
    {
        var ranked = DriverRecommender.Rank(Six(NoReflink), workload);
        Assert.Equal(Enumerable.Range(1, 6), ranked.Select(driver => driver.Rank));
        Assert.Equal(ranked.OrderByDescending(driver => driver.Score), ranked);
        Assert.Equal(best, ranked[0].Driver);
        Assert.NotEmpty(ranked[0].Reason);
        Assert.All(ranked, driver => Assert.InRange(driver.Score, 0, 100));
        Assert.All(ranked, driver => Assert.Equal(workload, driver.Workload));
    }

    [Fact]
    public void Big_files_are_for_drivers_that_copy_blocks()
    {
        var ranked = DriverRecommender.Rank(Six(NoReflink), StorageWorkload.BigFiles);
        Assert.Equal(["btrfs", "zfs"], ranked.Take(2).Select(driver => driver.Driver));
        Assert.Contains("whole file", string.Join('\n', ranked.Single(driver => driver.Driver == "overlay2").Caveat), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_found_out_here_decides_what_is_said()
    {
        var copies = DriverRecommender.Rank(Six(NoReflink), StorageWorkload.BigFiles).Single(driver => driver.Driver == "vfs");
        var clones = DriverRecommender.Rank(Six(Reflink), StorageWorkload.BigFiles).Single(driver => driver.Driver == "vfs");
        Assert.True(clones.Score > copies.Score + 30, $"{clones.Score} and {copies.Score}");
        Assert.Contains("share their blocks", clones.Reason.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("shared blocks", string.Join('\n', copies.Caveat), StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData(FileSystemKind.Ext4, false)]
    [InlineData(FileSystemKind.Xfs, false)]
    [InlineData(FileSystemKind.Btrfs, true)]
    public void What_is_said_of_overlay2_s_durability_is_true_of_the_file_system_below_it(FileSystemKind kind, bool checksums)
    {
        using var fileSystem = new LoopFileSystem(kind);
        var overlay = DriverRecommender.Recommend(Path.Combine(fileSystem.Path, "root"), StorageWorkload.Durability).Single(driver => driver.Driver == "overlay2");
        Assert.Equal(checksums, overlay.Reason.Any(reason => reason.Contains("below it checksums contents", StringComparison.Ordinal)));
        Assert.Equal(!checksums, overlay.Caveat.Any(caveat => caveat.Contains("has none of file contents", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_driver_that_cannot_be_used_is_last_and_says_why()
    {
        var broken = Driver("overlay2") with { Supported = false, Reason = "the check 'overlay' failed: no such device" };
        var ranked = DriverRecommender.Rank([broken, Driver("vfs")], StorageWorkload.Balanced);
        Assert.Equal(("vfs", true), (ranked[0].Driver, ranked[0].Supported));
        Assert.Equal(("overlay2", false, 0), (ranked[1].Driver, ranked[1].Supported, ranked[1].Score));
        Assert.Equal("It does not work here: the check 'overlay' failed: no such device.", ranked[1].Caveat[0]);
        var rootless = DriverRecommender.Rank(Six(NoReflink), StorageWorkload.Rootless);
        Assert.Equal(["vfs"], rootless.Where(driver => driver.Supported).Select(driver => driver.Driver));
        Assert.Equal("Only root can use it.", rootless[1].Caveat[0]);
    }

    [Fact]
    public void Who_is_not_root_has_a_workload_too()
    {
        var ranked = DriverRecommender.Rank(Six(Reflink), StorageWorkload.BigFiles, rootless: true);
        Assert.Equal(["vfs"], ranked.Where(driver => driver.Supported).Select(driver => driver.Driver));
        Assert.All(ranked.Skip(1), driver => Assert.Equal("Only root can use it.", driver.Caveat[0]));
        Assert.All(ranked, driver => Assert.Equal(StorageWorkload.BigFiles, driver.Workload));
        // What speaks for it for big files, and for those who are not root.
        Assert.Equal(["It needs neither root nor mounts.", "Copies share their blocks here: only blocks that are written to are copied."], ranked[0].Reason);

        var (said, asked) = (DriverRecommender.Rank(Six(Reflink), StorageWorkload.Rootless), DriverRecommender.Rank(Six(Reflink), StorageWorkload.Balanced, rootless: true));
        Assert.Equal(said.Select(driver => (driver.Driver, driver.Score)), asked.Select(driver => (driver.Driver, driver.Score)));
    }

    [Fact]
    public void A_check_that_failed_and_a_store_that_stands_here_are_caveats()
    {
        var index = new ProbeCheck("index", Passed: false, Required: false, "two mounts cannot share lowers.");
        var ranked = DriverRecommender.Rank([Driver("overlay2", index), Driver("vfs", NoReflink) with { HoldsData = true }], StorageWorkload.Balanced);
        var overlay = ranked.Single(driver => driver.Driver == "overlay2");
        Assert.Equal(
            ["Without index: two mounts cannot share lowers.", "The store here has the driver vfs: another one takes another root."], overlay.Caveat);
        Assert.Equal(68, overlay.Score);
    }

    [Fact]
    public void What_is_known_is_about_drivers_and_checks_that_exist()
    {
        Assert.Empty(DriverKnowledge.All.Select(statement => statement.Driver).Except(["aufs", "btrfs", "devicemapper", "overlay2", "vfs", "zfs"]));
        Assert.All(DriverCatalog.All, driver => Assert.Contains(DriverKnowledge.All, statement => statement.Driver == driver.Name));
        Assert.All(DriverKnowledge.All, statement => Assert.True(statement.Points != 0 && statement.Text.EndsWith('.'), statement.Text));
        // A probe stops where it can go no further: what follows can be looked for only where the driver works.
        foreach (var report in DriverCatalog.All.Select(driver => driver.Probe(Path.GetTempPath())).Where(report => report.Supported))
        {
            foreach (var statement in DriverKnowledge.All.Where(statement => statement.Driver == report.Driver && statement.Check is not null))
                Assert.Contains(report.Checks, check => check.Name == statement.Check);
        }
    }

    private static IReadOnlyList<StorageDriver> Six(ProbeCheck vfs) =>
        [Driver("overlay2"), Driver("btrfs"), Driver("zfs"), Driver("aufs"), Driver("vfs", vfs) with { RequiresRoot = false }, Driver("devicemapper")];

    private static StorageDriver Driver(string name, params ProbeCheck[] checks) => new()
    {
        Name = name,
        Supported = true,
        Reason = "",
        IsDefault = false,
        HoldsData = false,
        RequiresRoot = true,
        Features = [],
        Options = [],
        Checks = checks,
        Path = "/mnt",
        Root = "/mnt/store",
    };
}
