using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// The project quotas of one file system (xfs mounted with pquota, ext4 with the feature project mounted with prjquota): what directory trees that carry a project's number take, and
/// how much they may.
/// </summary>
/// <param name="directory">An existing directory on the file system; nothing but a device node for kernels before 5.14 is ever made in it.</param>
/// <param name="quotaInterface">How the kernel takes the commands.</param>
internal sealed unsafe class ProjectQuota(string directory, QuotaInterface quotaInterface)
{
    /// <summary>As the kernel offers it.</summary>
    public ProjectQuota(string directory) : this(directory, Libc.QuotaInterface())
    {
    }

    /// <summary>The node's name, which is Docker's.</summary>
    public const string DeviceName = "backingFsBlockDev";

    /// <summary>Why there are none; empty where project quotas are counted, enforced, and ours to set.</summary>
    public string Missing()
    {
        using var handle = DirectoryHandle.Open(directory);
        var fileSystem = BackingFileSystem.StatisticsOf(handle);
        if (fileSystem.Type is not (BackingFileSystem.Xfs or BackingFileSystem.Ext))
            return $"{BackingFileSystem.FromMagic(fileSystem.Type).Name} has no project quota";
        if (quotaInterface == QuotaInterface.None)
            return "the kernel is built without quotas";
        QuotaState state = default;
        state.Version = 1;
        if (TryControl(Libc.Q_XGETQSTAT, 0, &state) is var error and not 0)
            return error is Errno.ENOSYS or Errno.ESRCH or Errno.EINVAL or Errno.EOPNOTSUPP
                ? "the file system is mounted without project quota"
                : Marshal.GetPInvokeErrorMessage(error);
        if ((state.Flags & Libc.FS_QUOTA_PDQ_ACCT) == 0 || (state.Flags & Libc.FS_QUOTA_PDQ_ENFD) == 0)
            return "the file system is mounted without project quota, or with one that is not enforced";
        // The state is everybody's to read; numbers are root's, and a user namespace's root has none.
        DiskQuota quota;
        return TryControl(Libc.Q_GETQUOTA, 1, &quota) is var denied and not (0 or Errno.ENOENT) ? $"reading a quota fails: {Marshal.GetPInvokeErrorMessage(denied)}" : "";
    }

    /// <summary>What a project takes: bytes and inodes, and its limits (0 is none).</summary>
    public (long Bytes, long Inodes, long MaxBytes, long MaxInodes) Read(uint project)
    {
        DiskQuota quota = default;
        // xfs has no record of a project that nobody used; ext4 gives zeros.
        var error = TryControl(Libc.Q_GETQUOTA, project, &quota);
        if (error is not (0 or Errno.ENOENT))
            throw LinuxError.From(error, "read the project quota of", directory);
        return error == 0 ? ((long)quota.UsedBytes, (long)quota.UsedInodes, (long)quota.HardBlocks << 10, (long)quota.HardInodes) : default;
    }

    /// <summary>Limits a project.</summary>
    /// <param name="project">Its number.</param>
    /// <param name="bytes">Bytes, rounded up to whole KiB; null for no limit.</param>
    /// <param name="inodes">Inodes; null for no limit.</param>
    public void Limit(uint project, long? bytes, long? inodes)
    {
        DiskQuota quota = default;
        quota.HardBlocks = quota.SoftBlocks = bytes is { } most ? ((ulong)most + 1023) >> 10 : 0;
        quota.HardInodes = quota.SoftInodes = (ulong)(inodes ?? 0);
        quota.Valid = Libc.QIF_BLIMITS | Libc.QIF_ILIMITS;
        if (TryControl(Libc.Q_SETQUOTA, project, &quota) is var error and not 0)
            throw LinuxError.From(error, "set a project quota in", directory);
    }

    /// <summary>The project that an open directory, and what will be made in it, belongs to; 0 where new entries inherit none.</summary>
    public static uint InheritedProject(SafeFileHandle handle)
    {
        FileSystemAttributes attributes;
        return Libc.Ioctl(handle.Descriptor(), Libc.FS_IOC_FSGETXATTR, (nint)(&attributes)) == 0 && (attributes.Flags & Libc.FS_XFLAG_PROJINHERIT) != 0
            ? attributes.Project
            : 0;
    }

    /// <summary>Makes an open directory, and what will be made in it, part of a project.</summary>
    public static void Join(SafeFileHandle handle, uint project, string path)
    {
        FileSystemAttributes attributes;
        if (Libc.Ioctl(handle.Descriptor(), Libc.FS_IOC_FSGETXATTR, (nint)(&attributes)) < 0)
            throw LinuxError.Last("read the project of", path);
        attributes.Flags |= Libc.FS_XFLAG_PROJINHERIT;
        attributes.Project = project;
        if (Libc.Ioctl(handle.Descriptor(), Libc.FS_IOC_FSSETXATTR, (nint)(&attributes)) < 0)
            throw LinuxError.Last("set the project of", path);
    }

    private int TryControl(int command, uint id, void* data)
    {
        var full = Libc.ProjectQuotaCommand(command);
        if (quotaInterface == QuotaInterface.Device)
            return Libc.Quotactl(full, DeviceNode(), id, data) == 0 ? 0 : Marshal.GetLastPInvokeError();
        using var handle = DirectoryHandle.Open(directory);
        return Libc.QuotactlFd(handle.Descriptor(), full, id, data) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>A node of the device that the directory is on, as quotactl(2) wants it.</summary>
    private string DeviceNode()
    {
        var path = Path.Combine(directory, DeviceName);
        StatxData place, node;
        fixed (byte* name = FileName.Terminated(path), parent = FileName.Terminated(directory))
        {
            if (Libc.Statx(Libc.AT_FDCWD, parent, 0, Libc.STATX_BASIC_STATS, &place) < 0)
                throw LinuxError.Last("look at", directory);
            // Device numbers may be others after each boot.
            if (Libc.Statx(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &node) == 0)
            {
                if (node.Type == Libc.S_IFBLK && node.DeviceMajor == place.FileSystemMajor && node.DeviceMinor == place.FileSystemMinor)
                    return path;
                _ = Libc.UnlinkAt(Libc.AT_FDCWD, path, 0);
            }
        }
        if (Libc.MknodAt(Libc.AT_FDCWD, path, Libc.S_IFBLK | 0x180, Libc.MakeDevice(place.FileSystemMajor, place.FileSystemMinor)) < 0
            && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            throw LinuxError.Last("create the device node", path);
        return path;
    }
}
