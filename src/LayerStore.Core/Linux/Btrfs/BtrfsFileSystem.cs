using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>What concerns a btrfs file system as a whole.</summary>
internal static unsafe class BtrfsFileSystem
{
    /// <summary>Its UUID.</summary>
    public static Guid Uuid(SafeFileHandle place)
    {
        var info = Info(place);
        return new Guid(new ReadOnlySpan<byte>(info.Uuid, 16), bigEndian: true);
    }

    /// <summary>
    /// Sees to it that what a transaction did stands in the trees: a change of an inode reaches them only when its transaction is committed. Free where it is; file contents are not waited for.
    /// </summary>
    public static void Settle(SafeFileHandle place, ulong transaction)
    {
        if (Info(place).Generation > transaction)
            return;
        ulong begun;
        if (Libc.Ioctl(place.Descriptor(), Libc.BTRFS_IOC_START_SYNC, (nint)(&begun)) < 0 || Libc.Ioctl(place.Descriptor(), Libc.BTRFS_IOC_WAIT_SYNC, (nint)(&begun)) < 0)
            throw LinuxError.Last("commit the file system of", DirectoryHandle.Describe(place.Descriptor()));
    }

    /// <summary>Writes out what was written to files and commits. Costs what is still to be written on the whole file system.</summary>
    public static void Flush(SafeFileHandle place)
    {
        if (Libc.Ioctl(place.Descriptor(), Libc.BTRFS_IOC_SYNC, 0) < 0)
            throw LinuxError.Last("flush the file system of", DirectoryHandle.Describe(place.Descriptor()));
    }

    private static BtrfsFileSystemInfo Info(SafeFileHandle place)
    {
        var info = new BtrfsFileSystemInfo { Flags = Libc.BTRFS_FS_INFO_FLAG_GENERATION };
        return Libc.Ioctl(place.Descriptor(), Libc.BTRFS_IOC_FS_INFO, (nint)(&info)) >= 0
            ? info
            : throw LinuxError.Last("query the file system of", DirectoryHandle.Describe(place.Descriptor()));
    }
}
