using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux.Btrfs;

/// <summary>
/// btrfs's quota groups, of which every subvolume has one by its own number where the file system's quota is on. Nothing here switches it on or off: the file system
/// is not ours alone.
/// </summary>
internal static unsafe class BtrfsQuota
{
    // struct btrfs_qgroup_status_item: version, generation, flags. struct btrfs_qgroup_info_item: generation, referenced, the same compressed, exclusive.
    private const int StatusFlagsAt = 16, ReferencedAt = 8, ExclusiveAt = 24;

    /// <summary>True where the file system counts.</summary>
    public static bool IsOn(SafeFileHandle place) => Status(place) is not null;

    /// <summary>Bytes that a subvolume shares with no other one, as of the last transaction; null where nobody counts, or the count is known to be wrong.</summary>
    public static long? Exclusive(SafeFileHandle place, ulong subvolume)
    {
        if (Status(place) is not { } flags || (flags & Libc.BTRFS_QGROUP_STATUS_FLAG_INCONSISTENT) != 0)
            return null;
        return Number(place, Info(subvolume), ExclusiveAt) is { } bytes ? (long)bytes : null;
    }

    /// <summary>Limits what a subvolume may refer to, what it shares with others included.</summary>
    /// <param name="root">The subvolume's root directory.</param>
    /// <param name="bytes">The limit; null for none.</param>
    public static void Limit(SafeFileHandle root, long? bytes)
    {
        var limit = new BtrfsQuotaLimit { Flags = Libc.BTRFS_QGROUP_LIMIT_MAX_RFER, MaxReferenced = bytes is { } some ? (ulong)some : ulong.MaxValue };
        if (Libc.Ioctl(root.Descriptor(), Libc.BTRFS_IOC_QGROUP_LIMIT, (nint)(&limit)) < 0)
            throw LinuxError.Last("limit the subvolume", DirectoryHandle.Describe(root.Descriptor()));
    }

    /// <summary>
    /// Removes a removed subvolume's group, where the kernel does not do so itself, as new ones do. It has to wait until the subvolume's space came back and was counted: the kernel takes
    /// the whole file system's counts for wrong where a group with anything in it is removed.
    /// </summary>
    /// <returns>False where it has to wait.</returns>
    public static bool TryRemoveGroup(SafeFileHandle place, ulong subvolume)
    {
        switch (Number(place, Info(subvolume), ReferencedAt))
        {
            case null:
                return true;
            case > 0:
                return false;
        }
        var arguments = new BtrfsQuotaCreation { Create = 0, Group = subvolume };
        return Libc.Ioctl(place.Descriptor(), Libc.BTRFS_IOC_QGROUP_CREATE, (nint)(&arguments)) >= 0
            || Marshal.GetLastPInvokeError() is not Errno.EBUSY;
    }

    private static ulong? Status(SafeFileHandle place) => Number(place, new BtrfsKey(0, Libc.BTRFS_QGROUP_STATUS_KEY, 0), StatusFlagsAt);

    private static BtrfsKey Info(ulong subvolume) => new(0, Libc.BTRFS_QGROUP_INFO_KEY, subvolume);

    private static ulong? Number(SafeFileHandle place, BtrfsKey key, int offset)
    {
        ulong? number = null;
        BtrfsTree.Search(place, Libc.BTRFS_QUOTA_TREE_OBJECTID, key, key, (_, data) =>
        {
            number = MemoryMarshal.Read<ulong>(data[offset..]);
            return false;
        });
        return number;
    }
}
