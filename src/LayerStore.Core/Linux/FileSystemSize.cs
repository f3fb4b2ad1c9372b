using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Makes mounted file systems longer; the kernel does it, and writes go on meanwhile.</summary>
internal static unsafe class FileSystemSize
{
    // fs/ext4/ext4.h: _IOW('f', 16, __u64); fs/xfs/libxfs/xfs_fs.h: _IOW('X', 110, struct xfs_growfs_data).
    private const uint EXT4_IOC_RESIZE_FS = 0x40086610, XFS_IOC_FSGROWFSDATA = 0x4010586E;

    // What mkfs.xfs chooses for file systems up to 1 TiB: percent of the space that inodes may take.
    private const ulong XfsInodePercent = 25;

    /// <summary>Makes the file system of an open directory that long.</summary>
    /// <param name="root">A directory on it, opened for reading.</param>
    /// <param name="type"><c>ext4</c> or <c>xfs</c>.</param>
    /// <param name="bytes">The length of its device.</param>
    public static void Grow(SafeFileHandle root, string type, long bytes)
    {
        StatFsData data;
        if (Libc.Fstatfs(root.Descriptor(), &data) < 0)
            throw LinuxError.Last("query the file system of", type);
        // The length in blocks, and for xfs the percentage.
        var request = stackalloc ulong[2] { (ulong)(bytes / data.BlockSize), XfsInodePercent };
        if (Libc.Ioctl(root.Descriptor(), type == "ext4" ? EXT4_IOC_RESIZE_FS : XFS_IOC_FSGROWFSDATA, (nint)request) < 0)
            throw LinuxError.Last("make longer the file system", type);
    }
}
