using LayerStore.Drivers.DeviceMapper;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A file system for the pool's files, and devices with the same one on them.</summary>
public abstract class DeviceMapperFixture(FileSystemKind kind) : FileSystemFixture(kind)
{
    // Small, so that a full one fits into the guest's memory; xfs makes none below 300M.
    public override DriverOptions NewOptions() => SmallDevices(Kind);

    protected static DriverOptions SmallDevices(FileSystemKind kind) => kind == FileSystemKind.Ext4
        ? new() { ["dm.fs"] = "ext4", ["dm.basesize"] = "160M", ["dm.mkfsarg"] = "-N 30000" }
        : new() { ["dm.fs"] = "xfs", ["dm.basesize"] = "300M" };

    internal override Action<Store> WatchPool() => ThinPoolDevices.Check;

    /// <summary>Nothing of a store may be left in the kernel when it was shut down.</summary>
    public override void Clean(string home)
    {
        base.Clean(home);
        string[] left =
        [
            .. new LayerStore.Linux.DeviceMapper().Names().Where(name => name.StartsWith("layerstore-", StringComparison.Ordinal)),
            .. Directory.EnumerateFileSystemEntries("/dev/mapper").Where(path => path.Contains("layerstore-", StringComparison.Ordinal)),
            .. Directory.EnumerateDirectories("/sys/block", "loop*").Select(loop => $"{loop}/loop/backing_file").Where(File.Exists).Select(File.ReadAllText)
                .Where(file => file.Contains("/devicemapper/", StringComparison.Ordinal)),
        ];
        if (left.Length > 0)
            Purge();
        Assert.Empty(left);
    }

    /// <summary>What a test that failed left, so that the next ones find a clean machine.</summary>
    private static void Purge()
    {
        var mapper = new LayerStore.Linux.DeviceMapper();
        foreach (var name in mapper.Names().Where(name => name.StartsWith("layerstore-", StringComparison.Ordinal)).OrderBy(name => name.EndsWith("-pool", StringComparison.Ordinal)))
        {
            mapper.Remove(name, deferred: true);
            DeviceNode.Remove(name);
        }
        foreach (var loop in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            if (File.Exists($"{loop}/loop/backing_file") && File.ReadAllText($"{loop}/loop/backing_file").Contains("/devicemapper/", StringComparison.Ordinal))
                Command.TryRun("losetup", "-d", $"/dev/{System.IO.Path.GetFileName(loop)}");
        }
    }
}

public sealed class LoopExt4Fixture() : DeviceMapperFixture(FileSystemKind.Ext4)
{
    /// <summary>The options of its drivers, for other processes.</summary>
    public static DriverOptions Options => SmallDevices(FileSystemKind.Ext4);
}

public sealed class LoopXfsFixture() : DeviceMapperFixture(FileSystemKind.Xfs);

/// <summary>Whole disks of the guest, which LayerStore sets up with LVM.</summary>
public sealed class DirectLvmFixture() : DeviceMapperFixture(FileSystemKind.Ext4)
{
    /// <summary>One of the guest's empty disks.</summary>
    public const string Disk = "/dev/ubda";

    private const string OtherDisk = "/dev/ubdb";

    public override DriverOptions NewOptions() => On(Disk);

    public override DriverOptions NewOtherOptions() => On(OtherDisk);

    public override void Clean(string home)
    {
        Wipe(Disk);
        Wipe(OtherDisk);
        base.Clean(home);
    }

    private static DriverOptions On(string disk)
    {
        var options = SmallDevices(FileSystemKind.Ext4);
        options["dm.directlvm_device"] = disk;
        // The tests count what a container of few files takes.
        options["dm.blocksize"] = "64K";
        return options;
    }

    /// <summary>Makes a disk empty again, whatever volume groups are on it.</summary>
    public static void Wipe(string disk)
    {
        foreach (var group in Lvm.Run("vgs", "--noheadings", "-o", "vg_name").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Lvm.Run("vgremove", "-f", "-y", group);
            File.Delete($"/etc/lvm/profile/{group}-thinpool.profile");
        }
        Command.Run("wipefs", "-a", "-f", "-q", disk);
    }
}
