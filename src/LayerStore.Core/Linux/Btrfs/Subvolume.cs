using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>Makes, changes and removes btrfs subvolumes. Directories are given as handles, names end with NUL.</summary>
internal static unsafe class Subvolume
{
    /// <summary>Makes an empty subvolume.</summary>
    /// <exception cref="StoreException">The name exists, or the file system is full.</exception>
    public static void Create(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        BtrfsVolumeArguments arguments = default;
        name.CopyTo(new Span<byte>(arguments.Name, BtrfsVolumeArguments.NameSize));
        if (Libc.Ioctl(directory.Descriptor(), Libc.BTRFS_IOC_SUBVOL_CREATE_V2, (nint)(&arguments)) < 0)
            throw LinuxError.Last("create the subvolume", Describe(directory, name));
    }

    /// <summary>Makes a writable snapshot. It is durable when this returns: the kernel makes snapshots while it commits.</summary>
    /// <param name="source">The subvolume's root directory.</param>
    /// <param name="directory">Where the snapshot goes.</param>
    /// <param name="name">Its name there.</param>
    /// <exception cref="StoreException">The source is no subvolume's root, the name exists, or the file system is full.</exception>
    public static void Snapshot(SafeFileHandle source, SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        var arguments = new BtrfsVolumeArguments { FileDescriptor = source.Descriptor() };
        name.CopyTo(new Span<byte>(arguments.Name, BtrfsVolumeArguments.NameSize));
        if (Libc.Ioctl(directory.Descriptor(), Libc.BTRFS_IOC_SNAP_CREATE_V2, (nint)(&arguments)) < 0)
            throw LinuxError.Last("create the snapshot", Describe(directory, name));
    }

    /// <summary>What btrfs knows of the subvolume that the directory is in.</summary>
    public static BtrfsSubvolumeInfo InfoOf(SafeFileHandle directory) =>
        TryInfoOf(directory) ?? throw LinuxError.Last("query the subvolume", DirectoryHandle.Describe(directory.Descriptor()));

    /// <summary>The same; null where the subvolume was removed after the directory was opened.</summary>
    public static BtrfsSubvolumeInfo? TryInfoOf(SafeFileHandle directory)
    {
        BtrfsSubvolumeInfo info;
        // Some kernels answer with 1, where the subvolume's name stands at the end of a block.
        if (Libc.Ioctl(directory.Descriptor(), Libc.BTRFS_IOC_GET_SUBVOL_INFO, (nint)(&info)) >= 0)
            return info;
        return Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw LinuxError.Last("query the subvolume", DirectoryHandle.Describe(directory.Descriptor()));
    }

    /// <summary>True where the directory is a subvolume's root.</summary>
    public static bool IsRoot(SafeFileHandle directory) =>
        new TreeDirectory(directory).TryStat(out var data) && data.Inode == Libc.BTRFS_FIRST_FREE_OBJECTID && BackingFileSystem.StatisticsOf(directory).Type == BackingFileSystem.Btrfs;

    /// <summary>Forbids or allows to write to a subvolume.</summary>
    /// <param name="root">Its root directory.</param>
    /// <param name="value">True to forbid.</param>
    public static void SetReadOnly(SafeFileHandle root, bool value)
    {
        ulong flags = 0;
        if (Libc.Ioctl(root.Descriptor(), Libc.BTRFS_IOC_SUBVOL_GETFLAGS, (nint)(&flags)) < 0)
            throw LinuxError.Last("read the flags of the subvolume", DirectoryHandle.Describe(root.Descriptor()));
        var wanted = value ? flags | Libc.BTRFS_SUBVOL_RDONLY : flags & ~Libc.BTRFS_SUBVOL_RDONLY;
        if (wanted != flags && Libc.Ioctl(root.Descriptor(), Libc.BTRFS_IOC_SUBVOL_SETFLAGS, (nint)(&wanted)) < 0)
            throw LinuxError.Last("set the flags of the subvolume", DirectoryHandle.Describe(root.Descriptor()));
    }

    /// <summary>Removes a subvolume with everything in it; its space comes back in the background.</summary>
    /// <returns>False where it holds other subvolumes.</returns>
    /// <exception cref="StoreException">It cannot be removed. That it is not there is no error.</exception>
    public static bool TryDestroy(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        BtrfsVolumeArguments arguments = default;
        name.CopyTo(new Span<byte>(arguments.OldName, BtrfsVolumeArguments.NameSize));
        if (Libc.Ioctl(directory.Descriptor(), Libc.BTRFS_IOC_SNAP_DESTROY, (nint)(&arguments)) >= 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            Errno.ENOENT => true,
            Errno.ENOTEMPTY => false,
            _ => throw LinuxError.Last("remove the subvolume", Describe(directory, name)),
        };
    }

    private static string Describe(SafeFileHandle directory, ReadOnlySpan<byte> name) => $"{DirectoryHandle.Describe(directory.Descriptor())}/{System.Text.Encoding.UTF8.GetString(name[..^1])}";
}
