using System.Runtime.InteropServices;

namespace LayerStore.Linux;

internal static unsafe partial class Libc
{
    public const ulong MS_RDONLY = 1, MS_NOSUID = 2, MS_NODEV = 4, MS_REMOUNT = 32, MS_NOATIME = 1024, MS_BIND = 4096, MS_REC = 16384, MS_PRIVATE = 1 << 18;
    public const int MNT_DETACH = 2, UMOUNT_NOFOLLOW = 8;

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string? type, ulong flags, string? data);

    // linux/sched.h
    public const int CLONE_NEWNS = 0x20000;

    /// <summary>unshare(2): the calling thread leaves what it shares with the others.</summary>
    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Umount2(string target, int flags);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true)]
    public static partial int Umount2(byte* target, int flags);

    [LibraryImport(Library, EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int Fstatfs(int fd, StatFsData* data);

    // The new mount API has no wrapper in older C libraries; its numbers are the same on every architecture.
    public const int SYS_open_tree = 428, SYS_move_mount = 429, SYS_fsopen = 430, SYS_fsconfig = 431, SYS_fsmount = 432, SYS_mount_setattr = 442;

    public const int FSOPEN_CLOEXEC = 1, FSMOUNT_CLOEXEC = 1, FSCONFIG_SET_FLAG = 0, FSCONFIG_SET_STRING = 1, FSCONFIG_CMD_CREATE = 6,
        MOVE_MOUNT_F_EMPTY_PATH = 4, MOVE_MOUNT_T_EMPTY_PATH = 0x40, OPEN_TREE_CLONE = 1, OPEN_TREE_CLOEXEC = O_CLOEXEC;

    public const ulong MOUNT_ATTR_RDONLY = 1, MOUNT_ATTR_NOATIME = 0x10, MOUNT_ATTR__ATIME = 0x70;

    /// <summary>fsopen(2): a file system context to be configured.</summary>
    public static int Fsopen(string type)
    {
        var name = Marshal.StringToCoTaskMemUTF8(type);
        try
        {
            return (int)Syscall(SYS_fsopen, name, FSOPEN_CLOEXEC, 0, 0, 0);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    /// <summary>fsconfig(2) with a string, a flag (no value) or a command (neither).</summary>
    public static int Fsconfig(int context, int command, string? key, string? value)
    {
        var keyText = Marshal.StringToCoTaskMemUTF8(key);
        var valueText = Marshal.StringToCoTaskMemUTF8(value);
        try
        {
            return (int)Syscall(SYS_fsconfig, context, command, keyText, valueText, 0);
        }
        finally
        {
            Marshal.FreeCoTaskMem(keyText);
            Marshal.FreeCoTaskMem(valueText);
        }
    }

    /// <summary>fsmount(2): the context's mount, attached nowhere yet.</summary>
    public static int Fsmount(int context, ulong attributes) => (int)Syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, (nint)attributes, 0, 0);

    /// <summary>open_tree(2) with OPEN_TREE_CLONE: a detached bind mount of an open directory.</summary>
    public static int CloneTree(int directory)
    {
        byte empty = 0;
        return (int)Syscall(SYS_open_tree, directory, (nint)(&empty), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH, 0, 0);
    }

    /// <summary>move_mount(2) of a detached mount onto an open directory.</summary>
    public static int MoveMount(int mount, int target)
    {
        byte empty = 0;
        return (int)Syscall(SYS_move_mount, mount, (nint)(&empty), target, (nint)(&empty), MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
    }

    /// <summary>mount_setattr(2) on an open mount: attributes to set, attributes to clear first, and how mounts below it spread.</summary>
    public static int MountSetAttributes(int mount, ulong set, ulong clear = 0, ulong propagation = 0)
    {
        byte empty = 0;
        var attributes = stackalloc ulong[4] { set, clear, propagation, 0 };
        return (int)Syscall(SYS_mount_setattr, mount, (nint)(&empty), AT_EMPTY_PATH, (nint)attributes, 32);
    }
}

/// <summary>struct statfs of the 64-bit architectures.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct StatFsData
{
    public long Type, BlockSize;
    public ulong Blocks, FreeBlocks, AvailableBlocks, Files, FreeFiles;
    public long FileSystemId;
    public long NameLength, FragmentSize, Flags;
}
