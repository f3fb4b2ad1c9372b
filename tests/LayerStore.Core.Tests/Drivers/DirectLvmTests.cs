using System.Diagnostics;
using LayerStore.Drivers;
using LayerStore.Drivers.DeviceMapper;
using LayerStore.Linux;
using LayerStore.Tests.Environments;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>What devicemapper takes of the machine's block devices and thin pools, and what not.</summary>
[DriverEnvironment("devicemapper", "direct-lvm", InGuest = true, Programs = ["lvm (lvm2)", "thin_check (thin-provisioning-tools)", "dmeventd (dmeventd)"]), OnFileSystem(FileSystemKind.Ext4)]
public sealed class DirectLvmTests(DirectLvmFixture fileSystem) : IClassFixture<DirectLvmFixture>, IDisposable
{
    // It looks every ten seconds where the kernel's word does not wake it.
    private static readonly TimeSpan s_monitorPatience = TimeSpan.FromSeconds(60);

    private readonly TestDirectory _place = new(fileSystem.Path);
    private readonly List<IStorageDriver> _open = [];

    public void Dispose()
    {
        foreach (var driver in _open)
            driver.Shutdown();
        _place.Dispose();
        fileSystem.Clean(Home);
    }

    private string Home => Path.Combine(_place.Path, "devicemapper");

    [FileSystemFact]
    public void A_device_with_a_file_system_is_taken_only_by_force()
    {
        Command.Run("mkfs.ext4", "-q", "-F", DirectLvmFixture.Disk);
        var error = Assert.Throws<StoreException>(() => Open([]));
        Assert.Equal((ErrorIds.BlockDeviceInUse, DirectLvmFixture.Disk), (error.ErrorId, error.Target));
        Assert.Contains("ext4", error.Message, StringComparison.Ordinal);
        Assert.Contains("ext4", Command.Run("blkid", "-p", DirectLvmFixture.Disk), StringComparison.Ordinal);
        Open(new() { ["dm.directlvm_device_force"] = "true" });
    }

    [FileSystemFact]
    public void A_partition_table_is_something_too()
    {
        // A DOS table with one partition.
        using (var disk = File.OpenWrite(DirectLvmFixture.Disk))
        {
            var sector = new byte[512];
            byte[] entry = [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 16, 0, 0];
            entry.CopyTo(sector, 446);
            (sector[510], sector[511]) = (0x55, 0xAA);
            disk.Write(sector);
        }
        var error = Assert.Throws<StoreException>(() => Open([]));
        Assert.Equal(ErrorIds.BlockDeviceInUse, error.ErrorId);
        Assert.Contains("dos", error.Message, StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void A_mounted_device_is_never_taken()
    {
        Command.Run("mkfs.ext4", "-q", "-F", DirectLvmFixture.Disk);
        Command.Run("mount", DirectLvmFixture.Disk, _place.Make("mount"));
        var error = Assert.Throws<StoreException>(() => Open(new() { ["dm.directlvm_device_force"] = "true" }));
        Assert.Equal(ErrorIds.BlockDeviceInUse, error.ErrorId);
        Command.Run("umount", _place["mount"]);
    }

    [FileSystemFact]
    public void A_device_of_another_volume_group_is_never_taken()
    {
        Lvm.Run("pvcreate", DirectLvmFixture.Disk);
        Lvm.Run("vgcreate", "precious", DirectLvmFixture.Disk);
        var error = Assert.Throws<StoreException>(() => Open(new() { ["dm.directlvm_device_force"] = "true" }));
        Assert.Equal(ErrorIds.BlockDeviceInUse, error.ErrorId);
        Assert.Contains("'precious'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(Lvm.TryRun("vgs", "precious"));
    }

    /// <summary>The power went between two of LVM's programs.</summary>
    [FileSystemFact]
    public void A_set_up_that_got_no_further_than_the_physical_volume_is_done_again_and_a_volume_of_others_is_not_taken()
    {
        var record = new PoolRecord { Prefix = "layerstore-0123456789ab", State = PoolState.New, FileSystem = "ext4", BaseSize = 160 << 20 };
        Begin();
        Lvm.Run("pvcreate", DirectLvmFixture.Disk);
        Assert.Equal(ErrorIds.BlockDeviceInUse, Assert.Throws<StoreException>(() => Open([])).ErrorId);
        Lvm.Run("pvremove", DirectLvmFixture.Disk);
        Lvm.Run("pvcreate", "--norestorefile", "--uuid", LvmBacking.VolumeId(record), DirectLvmFixture.Disk);
        Begin();
        Assert.Equal("layerstore_0123456789ab-thinpool", Status(Open([]), "Pool Name"));

        void Begin()
        {
            LayerFiles.CreateHome(Home, DeviceMapperLayout.PoolName, DeviceMapperLayout.BaseName, DeviceMapperLayout.LayersName);
            record.Write(new DeviceMapperLayout(Home));
        }
    }

    [FileSystemFact]
    public void What_is_no_block_device_is_said_to_be_none()
    {
        var error = Assert.Throws<StoreException>(() => Open(new() { ["dm.directlvm_device"] = "/dev/null" }));
        Assert.Equal((ErrorIds.DriverOptionInvalid, "/dev/null"), (error.ErrorId, error.Target));
        Assert.Equal("/dev/null", DriverCatalog.Get("devicemapper").Probe(_place.Path, new() { ["dm.directlvm_device"] = "/dev/null" }).Failure?.Name);
        Assert.True(DriverCatalog.Get("devicemapper").Probe(_place.Path, new() { ["dm.directlvm_device"] = DirectLvmFixture.Disk }).Supported);
    }

    [FileSystemFact]
    public void A_set_up_pool_is_as_the_options_say_and_comes_back_after_a_shutdown()
    {
        var driver = Open(new() { ["dm.thinp_percent"] = "50", ["dm.thinp_metapercent"] = "2", ["dm.thinp_autoextend_threshold"] = "70", ["dm.thinp_autoextend_percent"] = "30" });
        var group = Lvm.Run("vgs", "--noheadings", "-o", "vg_name").Trim();
        Assert.Equal($"{group}-thinpool", Status(driver, "Pool Name"));
        // What Docker's set-up takes.
        Assert.Equal(512L << 10, Status(driver, "Pool Blocksize"));
        Assert.InRange((long)Status(driver, "Data Space Total"), 3L << 30, 4L << 30);
        Assert.Empty(driver.Warnings());
        Assert.Equal(
            "activation {\n    thin_pool_autoextend_threshold=70\n    thin_pool_autoextend_percent=30\n}\n", File.ReadAllText($"/etc/lvm/profile/{group}-thinpool.profile"));
        Assert.Contains($"{group}-thinpool", Lvm.Run("lvs", "--noheadings", "-o", "lv_profile", group), StringComparison.Ordinal);
        Assert.Contains("error", Lvm.Run("lvs", "--noheadings", "-o", "lv_when_full", group), StringComparison.Ordinal);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, []);
        driver.Shutdown();
        Assert.Null(new LayerStore.Linux.DeviceMapper().Find($"{group}-thinpool"));
        var again = Open(new() { ["dm.thinp_percent"] = "50", ["dm.thinp_metapercent"] = "2", ["dm.thinp_autoextend_threshold"] = "70", ["dm.thinp_autoextend_percent"] = "30" });
        Assert.Equal(container, Assert.Single(again.Enumerate()).Id);
        again.Attach(container);
        again.Detach(container);
    }

    [FileSystemFact]
    public void An_existing_pool_is_taken_where_it_is_empty_and_by_one_store_only()
    {
        Lvm.Run("pvcreate", DirectLvmFixture.Disk);
        Lvm.Run("vgcreate", "mine", DirectLvmFixture.Disk);
        Lvm.Run("lvcreate", "-y", "--zero", "n", "--type", "thin-pool", "-L", "1G", "-c", "64K", "-n", "pool", "mine");
        var options = new DriverOptions { ["dm.thinpooldev"] = "/dev/mapper/mine-pool", ["dm.fs"] = "ext4", ["dm.basesize"] = "160M" };
        var driver = DriverCatalog.Get("devicemapper").Open(Home, options);
        _open.Add(driver);
        var container = LayerId.New();
        driver.Prepare(container, LayerPurpose.Container, []);
        var other = Assert.Throws<StoreException>(() => DriverCatalog.Get("devicemapper").Open(Path.Combine(_place.Path, "other"), options));
        Assert.Equal(ErrorIds.BlockDeviceInUse, other.ErrorId);
        Assert.Contains("used data blocks", other.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.BlockDeviceInUse, Assert.Throws<StoreException>(
            () => DriverCatalog.Get("devicemapper").Open(Path.Combine(_place.Path, "other2"), new() { ["dm.thinpooldev"] = "nothing" })).ErrorId);

        // Another pool under the same name has none of our layers, and is not written to.
        driver.Shutdown();
        Lvm.Run("lvremove", "-y", "mine/pool");
        Lvm.Run("lvcreate", "-y", "--zero", "n", "--type", "thin-pool", "-L", "1G", "-c", "64K", "-n", "pool", "mine");
        Assert.Throws<StoreException>(() => DriverCatalog.Get("devicemapper").Open(Home, options));
        Assert.Equal("0", new LayerStore.Linux.DeviceMapper().Status("mine-pool")!.Split(' ')[2].Split('/')[0]);
    }

    [FileSystemFact]
    public void A_pool_that_fills_up_is_extended_by_the_monitor_of_LVM_as_the_profile_says()
    {
        var driver = Open(new() { ["dm.thinp_percent"] = "2", ["dm.thinp_metapercent"] = "1", ["dm.thinp_autoextend_threshold"] = "70", ["dm.thinp_autoextend_percent"] = "50" });
        var total = (long)Status(driver, "Data Space Total");
        using var monitor = new LvmMonitor($"{Lvm.Run("vgs", "--noheadings", "-o", "vg_name").Trim()}/thinpool");
        Fill(driver, total * 75 / 100);
        Assert.InRange((long)Status(driver, "Data Space Used"), total * 70 / 100, total * 90 / 100);
        for (var since = Stopwatch.StartNew(); (long)Status(driver, "Data Space Total") == total && since.Elapsed < s_monitorPatience;)
            Thread.Sleep(200);

        var extended = (long)Status(driver, "Data Space Total");
        Assert.InRange(extended, total * 149 / 100, total * 153 / 100);
        Assert.Equal(extended - (long)Status(driver, "Data Space Used"), Status(driver, "Data Space Available"));
        Assert.Empty(driver.Warnings());
        // More than it once had.
        Fill(driver, total * 30 / 100);
        Assert.InRange((long)Status(driver, "Data Space Used"), total + 1, extended);
    }

    /// <summary>A container with a file of so many bytes.</summary>
    private static void Fill(IStorageDriver driver, long bytes)
    {
        var id = LayerId.New();
        driver.Prepare(id, LayerPurpose.Container, []);
        driver.Attach(id);
        using (var mount = FileSystemMount.MountDetached((MountPlan.FileSystem)driver.PlanMount(id, [], MountMode.ReadWrite)))
        using (var file = new FileStream(Path.Combine(mount.ProcPath(), "file"), FileMode.CreateNew))
        {
            var block = new byte[1 << 20];
            while (file.Length < bytes)
                file.Write(block);
            file.Flush(flushToDisk: true);
        }
        driver.Detach(id);
    }

    private IStorageDriver Open(DriverOptions options)
    {
        var all = new DriverOptions { ["dm.directlvm_device"] = DirectLvmFixture.Disk, ["dm.fs"] = "ext4", ["dm.basesize"] = "160M" };
        foreach (var (name, value) in options)
            all[name] = value;
        var driver = DriverCatalog.Get("devicemapper").Open(Home, all);
        _open.Add(driver);
        return driver;
    }

    private static object Status(IStorageDriver driver, string name) => driver.Status().Single(line => line.Name == name).Value;
}
