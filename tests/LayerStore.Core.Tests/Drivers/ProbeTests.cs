using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class ProbeTests
{
    [Theory]
    [InlineData(FileSystemKind.Ext4)]
    [InlineData(FileSystemKind.Xfs)]
    [InlineData(FileSystemKind.Btrfs)]
    [InlineData(FileSystemKind.Tmpfs)]
    public void Drivers_work_on_a_good_file_system_and_leave_nothing(FileSystemKind kind)
    {
        using var fileSystem = new LoopFileSystem(kind);
        var before = Directory.GetFileSystemEntries(fileSystem.Path);
        foreach (var driver in DriverCatalog.All)
        {
            var report = driver.Probe(fileSystem.Path);
            // The kernel's device mapper and its patches decide that, not the file system.
            if (driver.Name is not ("devicemapper" or "aufs"))
                Assert.Equal(driver.Name is "overlay2" or "vfs" || (driver.Name == "btrfs" && kind == FileSystemKind.Btrfs), report.Supported);
            Assert.All(report.Checks, check => Assert.NotEmpty(check.Evidence));
            if (!report.Supported)
                Assert.NotEmpty(report.Failure!.Remedy);
        }
        Assert.Equal(before, Directory.GetFileSystemEntries(fileSystem.Path));
        Assert.Equal([fileSystem.Path], MountTable.Below(fileSystem.Path));
        Assert.Equal("overlay2", DriverCatalog.Choose(fileSystem.Path).Name);
    }

    [RootFact]
    public void What_a_dead_process_was_trying_goes_and_stands_in_no_store_s_way()
    {
        using var folder = new StoreFolder();
        var stale = ProbeDirectory.NameFor(ProcessIdentity.Current with { BootId = Guid.NewGuid().ToString() });
        var live = ProbeDirectory.NameFor(ProcessIdentity.Current);
        foreach (var name in new[] { stale, live })
            Directory.CreateDirectory(Path.Combine(folder.Root, name, "lower"));
        var mounted = Directory.CreateDirectory(Path.Combine(folder.Root, stale, "merged")).FullName;
        new Mounts().Mount(new MountPlan.Bind(Path.Combine(folder.Root, stale, "lower"), ReadOnly: false), mounted);
        folder.OpenWith("vfs").Dispose();
        Assert.False(Directory.Exists(Path.Combine(folder.Root, stale)));
        Assert.True(Directory.Exists(Path.Combine(folder.Root, live)));
    }

    [Fact]
    public void A_file_system_without_kinds_in_its_directories_is_no_place_for_overlay2()
    {
        using var fileSystem = new LoopFileSystem(FileSystemKind.Ext4WithoutKinds);
        var failure = DriverCatalog.Get("overlay2").Probe(fileSystem.Path).Failure;
        Assert.Equal("d_type", failure?.Name);
        Assert.Contains("ftype=1", failure!.Remedy, StringComparison.Ordinal);
        Assert.Equal("vfs", DriverCatalog.Choose(fileSystem.Path).Name);

        var error = Assert.Throws<StoreException>(() => DriverCatalog.Choose(fileSystem.Path, "overlay2"));
        Assert.Equal(ErrorIds.DriverUnsupported, error.ErrorId);
        Assert.Contains("d_type", error.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Remedy, error.RecommendedAction);

        Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(
            () => DriverCatalog.Get("overlay2").Open(Path.Combine(fileSystem.Path, "overlay2"), [])).ErrorId);
        Assert.False(Path.Exists(Path.Combine(fileSystem.Path, "overlay2")));
    }

    [Fact]
    public void An_overlay_cannot_carry_another_one()
    {
        using var place = new TestDirectory("/dev/shm");
        var merged = place.Make("merged");
        new Mounts().Mount(new MountPlan.Overlay([place.Make("lower")], place.Make("upper"), place.Make("work"), []), merged);
        var failure = DriverCatalog.Get("overlay2").Probe(merged).Failure;
        Assert.Equal("upper file system", failure?.Name);
        Assert.Contains("overlayfs", failure!.Evidence, StringComparison.Ordinal);
        Assert.Equal("vfs", DriverCatalog.Choose(merged).Name);
        Assert.Empty(Directory.EnumerateFileSystemEntries(merged));
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("btrfs")]
    [InlineData("vfs")]
    public void A_directory_that_is_not_there_is_a_failed_check_and_no_exception(string driver)
    {
        var report = DriverCatalog.Get(driver).Probe("/dev/shm/layerstore-no-such-directory");
        Assert.False(report.Supported);
        Assert.Equal("writable", report.Failure!.Name);
        Assert.NotEmpty(report.Failure.Remedy);
    }

    [Fact]
    public void A_driver_that_is_named_is_taken_and_one_that_does_not_exist_is_refused_with_those_that_do()
    {
        using var place = new TestDirectory("/dev/shm");
        Assert.Equal("vfs", DriverCatalog.Choose(place.Path, explicitName: "vfs").Name);
        var unknown = Assert.Throws<StoreException>(() => DriverCatalog.Choose(place.Path, "zfs2"));
        Assert.Equal(ErrorIds.DriverUnknown, unknown.ErrorId);
        Assert.All(DriverCatalog.All, driver => Assert.Contains(driver.Name, unknown.RecommendedAction, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_driver_can_do_where_it_is_open_is_among_what_it_says_that_it_can_do()
    {
        foreach (var factory in DriverCatalog.All)
        {
            using var place = new TestDirectory("/dev/shm");
            if (!factory.Probe(place.Path).Supported)
                continue;
            var driver = factory.Open(Path.Combine(place.Path, factory.Name), []);
            driver.Shutdown();
            Assert.Equal(DriverFeatures.None, driver.Features & ~factory.Features);
        }
    }

    [Theory]
    [InlineData("overlay2", "overlay2.sizes", "1G", ErrorIds.DriverOptionInvalid, "overlay2.size")]
    [InlineData("overlay2", "overlay2.size", "many", ErrorIds.DriverOptionInvalid, "10G")]
    [InlineData("overlay2", "overlay2.size", "10G", ErrorIds.DriverUnsupported, "pquota")]
    [InlineData("overlay2", "overlay2.override_kernel_check", "maybe", ErrorIds.DriverOptionInvalid, "true")]
    [InlineData("vfs", "size", "10G", ErrorIds.DriverUnsupported, "pquota")]
    [InlineData("vfs", "overlay2.size", "10G", ErrorIds.DriverOptionInvalid, "size")]
    [InlineData("btrfs", "btrfs.minspace", "10G", ErrorIds.DriverOptionInvalid, "btrfs.min_space")]
    [InlineData("btrfs", "btrfs.size", "big", ErrorIds.DriverOptionInvalid, "10G")]
    public void Options_that_a_driver_does_not_take_are_refused_with_what_it_takes(string driver, string option, string value, string id, string remedy)
    {
        using var place = new TestDirectory("/dev/shm");
        var home = Path.Combine(place.Path, driver);
        var error = Assert.Throws<StoreException>(() => DriverCatalog.Get(driver).Open(home, new DriverOptions { [option] = value }));
        Assert.Equal((id, option), (error.ErrorId, error.Target));
        Assert.Contains(remedy, error.RecommendedAction, StringComparison.Ordinal);
        Assert.False(Path.Exists(home));
    }

    [Fact]
    public void The_kernel_check_may_be_overridden_because_there_is_none()
    {
        using var place = new TestDirectory("/dev/shm");
        DriverCatalog.Get("overlay2").Open(Path.Combine(place.Path, "overlay2"), new DriverOptions { ["overlay2.override_kernel_check"] = "true" });
    }
}
