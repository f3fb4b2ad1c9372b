namespace LayerStore.Drivers.Zfs;

/// <summary>What the driver needs of a machine with ZFS.</summary>
/// <param name="Zfs">The program zfs(8).</param>
/// <param name="Zpool">The program zpool(8).</param>
/// <param name="Library">The same in this process; null where the machine has no library that is known.</param>
/// <param name="Device">The kernel module's device.</param>
/// <param name="Statistics">Where the kernel module shows its pools: one directory each.</param>
internal sealed record ZfsSystem(IZfsProgram Zfs, IZfsProgram Zpool, Lazy<IZfsLibrary?> Library, string Device, string Statistics)
{
    /// <summary>This one.</summary>
    public static ZfsSystem Machine { get; } =
        new(new ZfsProgram("zfs"), new ZfsProgram("zpool"), new Lazy<IZfsLibrary?>(() => ZfsLibrary.Installed), "/dev/zfs", "/proc/spl/kstat/zfs");

    /// <summary>This one, by its programs alone.</summary>
    public static ZfsSystem Programs { get; } = Machine with { Library = new Lazy<IZfsLibrary?>((IZfsLibrary?)null) };
}
