using System.Runtime.InteropServices;

namespace LayerStore.Linux;

internal static unsafe partial class Libc
{
    // ioctl numbers: _IOR('X', 31, struct fsxattr); _IOW('X', 32, struct fsxattr).
    public const uint FS_IOC_FSGETXATTR = 0x801C581F, FS_IOC_FSSETXATTR = 0x401C5820;
    public const uint FS_XFLAG_PROJINHERIT = 0x200;

    // linux/quota.h and linux/dqblk_xfs.h. xfs and ext4 both answer to the generic commands.
    public const int PRJQUOTA = 2, Q_GETQUOTA = 0x800007, Q_SETQUOTA = 0x800008, Q_XGETQSTAT = 0x5805;
    public const ushort FS_QUOTA_PDQ_ACCT = 0x10, FS_QUOTA_PDQ_ENFD = 0x20;
    public const uint QIF_BLIMITS = 1, QIF_ILIMITS = 4;

    public const int LOCK_EX = 2;

    private const int SYS_quotactl_fd = 443;

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int fd, int operation);

    [LibraryImport(Library, EntryPoint = "quotactl", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Quotactl(int command, string? device, uint id, void* data);

    /// <summary>quotactl_fd(2), Linux 5.14: the file system is that of an open file.</summary>
    public static int QuotactlFd(int fd, int command, uint id, void* data) => (int)Syscall(SYS_quotactl_fd, fd, command, (nint)id, (nint)data, 0);

    /// <summary>How this kernel takes commands for quotas; each call is asked with what it must refuse.</summary>
    public static QuotaInterface QuotaInterface()
    {
        if (QuotactlFd(-1, ProjectQuotaCommand(Q_GETQUOTA), 0, null) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOSYS)
            return Linux.QuotaInterface.Descriptor;
        return Quotactl(ProjectQuotaCommand(Q_GETQUOTA), null, 0, null) < 0 && Marshal.GetLastPInvokeError() == Errno.ENOSYS
            ? Linux.QuotaInterface.None
            : Linux.QuotaInterface.Device;
    }

    /// <summary>QCMD of linux/quota.h: a command for project quotas.</summary>
    public static int ProjectQuotaCommand(int command) => command << 8 | PRJQUOTA;
}

/// <summary>How a file system is named to quotactl.</summary>
internal enum QuotaInterface
{
    /// <summary>The kernel has no quotas.</summary>
    None,

    /// <summary>By the node of its block device.</summary>
    Device,

    /// <summary>By an open file (quotactl_fd, Linux 5.14).</summary>
    Descriptor,
}

/// <summary>struct fsxattr.</summary>
[StructLayout(LayoutKind.Sequential, Size = 28)]
internal struct FileSystemAttributes
{
    public uint Flags, ExtentSize, Extents, Project, CopyOnWriteExtentSize;
}

/// <summary>struct if_dqblk: limits in blocks of 1024 bytes, the used space in bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 72)]
internal struct DiskQuota
{
    public ulong HardBlocks, SoftBlocks, UsedBytes, HardInodes, SoftInodes, UsedInodes, BlockTime, InodeTime;
    public uint Valid;
}

/// <summary>The beginning of struct fs_quota_stat; the rest is of no interest.</summary>
[StructLayout(LayoutKind.Sequential, Size = 80)]
internal struct QuotaState
{
    public sbyte Version;
    public ushort Flags;
}
