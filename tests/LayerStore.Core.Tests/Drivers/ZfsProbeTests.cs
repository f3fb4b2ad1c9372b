using LayerStore.Drivers;
using LayerStore.Drivers.Zfs;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class ZfsProbeTests : IDisposable
{
    private readonly FakeZfs _zfs = new();
    private readonly TestDirectory _place = new("/dev/shm");

    public void Dispose()
    {
        _zfs.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void A_kernel_without_zfs_is_told_by_its_missing_device_alone()
    {
        var report = Probe(_zfs.System with { Device = _place["zfs"] });
        Assert.Equal("zfs module", Assert.Single(report.Checks).Name);
        Assert.Contains("No such file or directory", report.Failure!.Evidence, StringComparison.Ordinal);
        Assert.Contains("modprobe zfs", report.Failure.Remedy, StringComparison.Ordinal);
        Assert.Empty(_zfs.Commands);
    }

    [Fact]
    public void A_missing_program_is_named_with_its_package()
    {
        var report = Probe(_zfs.System with { Zfs = new ZfsProgram("zfs-of-nobody") });
        Assert.Equal("zfs programs", report.Failure!.Name);
        Assert.Contains("zfs-of-nobody", report.Failure.Evidence, StringComparison.Ordinal);
        Assert.Contains("zfsutils-linux", report.Failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_elsewhere_needs_the_name_of_a_dataset()
    {
        Assert.Equal("dataset", Probe(_zfs.System).Failure!.Name);
        Assert.Contains("zfs.fsname", Probe(_zfs.System).Failure!.Remedy, StringComparison.Ordinal);
        var missing = Probe(_zfs.System, "tank/none");
        Assert.Equal("pool", missing.Failure!.Name);
        Assert.Contains("'tank/none'", missing.Failure.Evidence, StringComparison.Ordinal);
        _zfs.State = "SUSPENDED";
        Assert.Contains("SUSPENDED", Probe(_zfs.System, "tank/layers").Failure!.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_failed_probe_made_goes_again()
    {
        // The fake's datasets cannot be mounted.
        Assert.Equal("snapshots and clones", Probe(_zfs.System, "tank/layers").Failure!.Name);
        Assert.Contains(_zfs.Commands, command => command.StartsWith("zfs create", StringComparison.Ordinal));
        Assert.Equal(["tank", "tank/layers"], _zfs.Datasets.Keys);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
    }

    [Theory]
    [InlineData("zfs.fsname", "", "a text that is not empty")]
    [InlineData("zfs.fsname", "-r", "a dataset in it such as tank/layers")]
    [InlineData("zfs.fsname", "tank/../other", "a dataset in it such as tank/layers")]
    [InlineData("zfs.fsname", "tank/layers@snapshot", "a dataset in it such as tank/layers")]
    [InlineData("zfs.fsname", "tank//layers", "a dataset in it such as tank/layers")]
    [InlineData("zfs.size", "much", "a size such as 10G")]
    [InlineData("zfs.name", "tank", "It knows: zfs.fsname, zfs.size.")]
    public void A_wrong_option_is_named_with_what_it_takes(string name, string value, string expected)
    {
        var error = Assert.Throws<StoreException>(() => new ZfsOptions(new DriverOptions { [name] = value }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, name), (error.ErrorId, error.Target));
        Assert.Contains(expected, error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_read_as_Docker_reads_them()
    {
        var options = new ZfsOptions(new DriverOptions { ["zfs.fsname"] = "tank/docker layers.x:y_z-1", ["zfs.size"] = "10g" });
        Assert.Equal(("tank/docker layers.x:y_z-1", 10L << 30), (options.FileSystem, options.Size));
        Assert.Null(new ZfsOptions(new DriverOptions { ["zfs.size"] = "0" }).Size);
    }

    [Fact]
    public void The_mount_that_a_directory_is_on_says_its_file_system_and_source()
    {
        using var proc = DirectoryHandle.Open("/proc/sys");
        Assert.Equal("proc", MountTable.Of(proc)?.Type);
    }

    private ProbeReport Probe(ZfsSystem system, string? dataset = null) =>
        new ZfsDriverFactory(system).Probe(_place.Path, dataset is null ? [] : new DriverOptions { ["zfs.fsname"] = dataset });
}
