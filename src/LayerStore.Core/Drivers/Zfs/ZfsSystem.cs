namespace LayerStore.Drivers.Zfs;

/// <summary>What the driver needs of a machine with ZFS.</summary>
/// <param name="Zfs">The program zfs(8).</param>
/// <param name="Zpool">The program zpool(8).</param>
/// <param name="Device">The kernel module's device.</param>
/// <param name="Statistics">Where the kernel module shows its pools: one directory each.</param>
internal sealed record ZfsSystem(IZfsProgram Zfs, IZfsProgram Zpool, string Device, string Statistics)
{
    /// <summary>This one.</summary>
    public static ZfsSystem Machine { get; } = new(new ZfsProgram("zfs"), new ZfsProgram("zpool"), "/dev/zfs", "/proc/spl/kstat/zfs");
}
