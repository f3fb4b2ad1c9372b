using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>
/// The C library, by its own names. Nothing here loads at import: a call binds when it is first made. Paths are NUL-terminated
/// UTF-8 bytes where names may be any bytes, strings elsewhere. Every call leaves its error in <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_SYMLINK_FOLLOW = 0x400, AT_EMPTY_PATH = 0x1000;

    /// <summary>Of <see cref="FaccessAt"/> alone, where the number means something else.</summary>
    public const int AT_EACCESS = 0x200;

    public const int X_OK = 1;
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000,
        O_PATH = 0x200000;

    // These differ between architectures: asm-generic values with arm64's and x86's own.
    public static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;
    public static readonly int O_TMPFILE = 0x400000 | O_DIRECTORY;

    public const uint S_IFMT = 0xF000, S_IFSOCK = 0xC000, S_IFLNK = 0xA000, S_IFREG = 0x8000, S_IFBLK = 0x6000, S_IFDIR = 0x4000, S_IFCHR = 0x2000,
        S_IFIFO = 0x1000;

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode = 0);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int dirfd, byte* path, int flags, uint mode = 0);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int dirfd, string path, int flags, uint mode = 0);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MkdirAt(int dirfd, byte* path, uint mode);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MkdirAt(int dirfd, string path, uint mode);

    [LibraryImport(Library, EntryPoint = "mknodat", SetLastError = true)]
    public static partial int MknodAt(int dirfd, byte* path, uint mode, ulong device);

    [LibraryImport(Library, EntryPoint = "mknodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MknodAt(int dirfd, string path, uint mode, ulong device);

    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymlinkAt(byte* target, int dirfd, byte* path);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(int oldDirfd, byte* oldPath, int newDirfd, byte* newPath, int flags);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(int dirfd, byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(int dirfd, string path, int flags);

    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(int oldDirfd, byte* oldPath, int newDirfd, byte* newPath);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string oldPath, string newPath);

    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadlinkAt(int dirfd, byte* path, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "fchownat", SetLastError = true)]
    public static partial int FchownAt(int dirfd, byte* path, uint owner, uint group, int flags);

    [LibraryImport(Library, EntryPoint = "fchown", SetLastError = true)]
    public static partial int Fchown(int fd, uint owner, uint group);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int Fchmod(int fd, uint mode);

    [LibraryImport(Library, EntryPoint = "fchmodat", SetLastError = true)]
    public static partial int FchmodAt(int dirfd, byte* path, uint mode, int flags);

    [LibraryImport(Library, EntryPoint = "faccessat", SetLastError = true)]
    public static partial int FaccessAt(int dirfd, byte* path, int mode, int flags);

    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true)]
    public static partial int UtimensAt(int dirfd, byte* path, TimeSpec* accessAndModification, int flags);

    [LibraryImport(Library, EntryPoint = "futimens", SetLastError = true)]
    public static partial int Futimens(int fd, TimeSpec* accessAndModification);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(int dirfd, byte* path, int flags, uint mask, StatxData* data);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Ftruncate(int fd, long length);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Lseek(int fd, long offset, int whence);

    [LibraryImport(Library, EntryPoint = "copy_file_range", SetLastError = true)]
    public static partial nint CopyFileRange(int inFd, long* inOffset, int outFd, long* outOffset, nuint length, uint flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int fd, nuint request, nint argument);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(int fd);

    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    public static partial int Syncfs(int fd);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint Geteuid();

    [LibraryImport(Library, EntryPoint = "getegid")]
    public static partial uint Getegid();

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>Reads directory entries (struct linux_dirent64) into <paramref name="buffer"/>; 0 at the end.</summary>
    public static nint Getdents64(int fd, byte* buffer, nuint size)
    {
        var number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;
        return Syscall(number, fd, (nint)buffer, (nint)size, 0, 0);
    }

    public const ulong RESOLVE_NO_XDEV = 1, RESOLVE_NO_MAGICLINKS = 2, RESOLVE_NO_SYMLINKS = 4, RESOLVE_BENEATH = 8, RESOLVE_IN_ROOT = 16;

    /// <summary>openat2(2), Linux 5.6; fails with ENOSYS below, and with EPERM in some sandboxes.</summary>
    public static int OpenAt2(int dirfd, byte* path, int flags, uint mode, ulong resolve)
    {
        var how = stackalloc ulong[3] { (ulong)(uint)flags, mode, resolve };
        return (int)Syscall(437, dirfd, (nint)path, (nint)how, 24, 0);
    }

    public const uint STATX_BASIC_STATS = 0x7ff, STATX_BTIME = 0x800, STATX_MNT_ID = 0x1000;
    public const ulong STATX_ATTR_MOUNT_ROOT = 0x2000;

    /// <summary>The kernel's device number of a major and a minor (glibc's gnu_dev_makedev).</summary>
    public static ulong MakeDevice(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000) << 32) | ((ulong)(major & 0xfff) << 8) | ((ulong)(minor & 0xffffff00) << 12) | (minor & 0xff);
}

/// <summary>struct timespec: seconds since 1970-01-01 UTC and nanoseconds, or one of the special nanosecond values.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public const long Now = (1L << 30) - 1, Omit = (1L << 30) - 2;

    public long Seconds;
    public long Nanoseconds;

    public TimeSpec(long seconds, long nanoseconds)
    {
        Seconds = seconds;
        Nanoseconds = nanoseconds;
    }
}

/// <summary>struct statx_timestamp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatxTimestamp
{
    public long Seconds;
    public uint Nanoseconds;
    private readonly int _reserved;

    /// <summary>True for the same moment.</summary>
    public readonly bool IsSameAs(in StatxTimestamp other) => Seconds == other.Seconds && Nanoseconds == other.Nanoseconds;
}

/// <summary>struct statx: one layout on every architecture, which struct stat has not.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct StatxData
{
    public uint Mask, BlockSize;
    public ulong Attributes;
    public uint LinkCount, Uid, Gid;
    public ushort Mode;
    private readonly ushort _spare0;
    public ulong Inode, Size, Blocks, AttributesMask;
    public StatxTimestamp AccessTime, BirthTime, ChangeTime, ModificationTime;
    public uint DeviceMajor, DeviceMinor, FileSystemMajor, FileSystemMinor;
    public ulong MountId;

    public readonly uint Type => Mode & Libc.S_IFMT;
    public readonly bool IsDirectory => Type == Libc.S_IFDIR;
    public readonly bool IsRegular => Type == Libc.S_IFREG;
    public readonly bool IsSymlink => Type == Libc.S_IFLNK;

    /// <summary>Overlayfs's whiteout: a character device 0:0.</summary>
    public readonly bool IsWhiteoutDevice => Type == Libc.S_IFCHR && DeviceMajor == 0 && DeviceMinor == 0;
}
