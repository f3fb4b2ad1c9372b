using System.Runtime.InteropServices;

namespace LayerStore.Linux;

// btrfs by its ioctls (linux/btrfs.h, linux/btrfs_tree.h).
internal static partial class Libc
{
    public const uint BTRFS_IOC_SYNC = 0x9408, BTRFS_IOC_SNAP_DESTROY = 0x5000940F, BTRFS_IOC_TREE_SEARCH_V2 = 0xC0709411, BTRFS_IOC_INO_LOOKUP = 0xD0009412,
        BTRFS_IOC_WAIT_SYNC = 0x40089416, BTRFS_IOC_SNAP_CREATE_V2 = 0x50009417, BTRFS_IOC_START_SYNC = 0x80089418, BTRFS_IOC_SUBVOL_CREATE_V2 = 0x50009418,
        BTRFS_IOC_SUBVOL_GETFLAGS = 0x80089419, BTRFS_IOC_SUBVOL_SETFLAGS = 0x4008941A, BTRFS_IOC_FS_INFO = 0x8400941F, BTRFS_IOC_QGROUP_CREATE = 0x4010942A,
        BTRFS_IOC_QGROUP_LIMIT = 0x8030942B, BTRFS_IOC_GET_SUBVOL_INFO = 0x81F8943C;

    public const ulong BTRFS_SUBVOL_RDONLY = 2, BTRFS_FS_INFO_FLAG_GENERATION = 2, BTRFS_QGROUP_LIMIT_MAX_RFER = 1, BTRFS_QGROUP_STATUS_FLAG_INCONSISTENT = 4;

    public const ulong BTRFS_ROOT_TREE_OBJECTID = 1, BTRFS_QUOTA_TREE_OBJECTID = 8, BTRFS_FIRST_FREE_OBJECTID = 256, BTRFS_LAST_FREE_OBJECTID = ulong.MaxValue - 255;

    public const byte BTRFS_INODE_ITEM_KEY = 1, BTRFS_INODE_REF_KEY = 12, BTRFS_INODE_EXTREF_KEY = 13, BTRFS_ROOT_REF_KEY = 156, BTRFS_QGROUP_STATUS_KEY = 240,
        BTRFS_QGROUP_INFO_KEY = 242;
}

/// <summary>struct btrfs_ioctl_vol_args and struct btrfs_ioctl_vol_args_v2: a page that says which name is meant, and of what.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal unsafe struct BtrfsVolumeArguments
{
    /// <summary>Bytes of a name with its NUL; a name in a directory has 255 at most.</summary>
    public const int NameSize = 256;

    [FieldOffset(0)] public long FileDescriptor;

    /// <summary>The name of the first version of the structure.</summary>
    [FieldOffset(8)] public fixed byte OldName[NameSize];

    /// <summary>The name of the second version, behind transaction, flags and four numbers.</summary>
    [FieldOffset(56)] public fixed byte Name[NameSize];
}

/// <summary>struct btrfs_ioctl_get_subvol_info_args.</summary>
[StructLayout(LayoutKind.Explicit, Size = 504)]
internal struct BtrfsSubvolumeInfo
{
    [FieldOffset(0)] public ulong TreeId;
    [FieldOffset(296)] public UInt128 Uuid;
    [FieldOffset(312)] public UInt128 ParentUuid;

    /// <summary>The transaction that changed it last, or its source before it was made as a snapshot of that.</summary>
    [FieldOffset(344)] public ulong ChangeTransaction;

    /// <summary>The transaction that made it.</summary>
    [FieldOffset(352)] public ulong OriginTransaction;

    /// <summary>When it was changed last, in seconds since 1970-01-01 UTC.</summary>
    [FieldOffset(376)] public ulong ChangeSeconds;

    /// <summary>When it was made, in seconds since 1970-01-01 UTC.</summary>
    [FieldOffset(392)] public ulong OriginSeconds;
}

/// <summary>struct btrfs_ioctl_fs_info_args.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1024)]
internal unsafe struct BtrfsFileSystemInfo
{
    [FieldOffset(16)] public fixed byte Uuid[16];
    [FieldOffset(48)] public ulong Flags;

    /// <summary>The transaction that was begun last (Linux 5.8).</summary>
    [FieldOffset(56)] public ulong Generation;
}

/// <summary>struct btrfs_ioctl_search_key and the length of the buffer behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtrfsSearchArguments
{
    public ulong TreeId, MinObject, MaxObject, MinOffset, MaxOffset, MinTransaction, MaxTransaction;
    public uint MinType, MaxType, Items;
    private readonly uint _unused;
    private readonly ulong _unused1, _unused2, _unused3, _unused4;
    public ulong BufferSize;
}

/// <summary>struct btrfs_ioctl_search_header.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtrfsSearchHeader
{
    public ulong Transaction, Object, Offset;
    public uint Type, Length;
}

/// <summary>struct btrfs_ioctl_qgroup_limit_args.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtrfsQuotaLimit
{
    public ulong Group, Flags, MaxReferenced, MaxExclusive;
    private readonly ulong _reservedReferenced, _reservedExclusive;
}

/// <summary>struct btrfs_ioctl_qgroup_create_args.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BtrfsQuotaCreation
{
    public ulong Create, Group;
}
