using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A file system for the pool's files, and devices with the same one on them.</summary>
public abstract class DeviceMapperFixture(FileSystemKind kind) : FileSystemFixture(kind)
{
    // Small, so that a full one fits into the guest's memory; xfs makes none below 300M.
    public override DriverOptions NewOptions() => Kind == FileSystemKind.Ext4
        ? new() { ["dm.fs"] = "ext4", ["dm.basesize"] = "160M", ["dm.mkfsarg"] = "-N 30000" }
        : new() { ["dm.fs"] = "xfs", ["dm.basesize"] = "300M" };

    /// <summary>Nothing of a store may be left in the kernel when it was shut down.</summary>
    public override void Clean(string home)
    {
        base.Clean(home);
        string[] left =
        [
            .. new DeviceMapper().Names().Where(name => name.StartsWith("layerstore-", StringComparison.Ordinal)),
            .. Directory.EnumerateFileSystemEntries("/dev/mapper").Where(path => path.Contains("layerstore-", StringComparison.Ordinal)),
            .. Directory.EnumerateDirectories("/sys/block", "loop*").Select(loop => $"{loop}/loop/backing_file").Where(File.Exists).Select(File.ReadAllText)
                .Where(file => file.Contains("/devicemapper/", StringComparison.Ordinal)),
        ];
        Assert.Empty(left);
    }
}

public sealed class LoopExt4Fixture() : DeviceMapperFixture(FileSystemKind.Ext4);

public sealed class LoopXfsFixture() : DeviceMapperFixture(FileSystemKind.Xfs);
