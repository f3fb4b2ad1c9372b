using System.Runtime.InteropServices;

namespace LayerStore.Linux;

internal static unsafe partial class Libc
{
    public const int SEEK_SET = 0, SEEK_DATA = 3, SEEK_HOLE = 4, AT_STATX_DONT_SYNC = 0x4000;
    public const uint STATX_TYPE = 1, STATX_MODE = 2, STATX_NLINK = 4, STATX_MTIME = 0x40, STATX_INO = 0x100, STATX_SIZE = 0x200, STATX_BLOCKS = 0x400;
    public const byte DT_UNKNOWN = 0, DT_FIFO = 1, DT_CHR = 2, DT_DIR = 4, DT_BLK = 6, DT_REG = 8, DT_LNK = 10, DT_SOCK = 12;

    // ioctl numbers: _IOW(0x94, 9, int); _IOR('f', 1, long); _IOW('f', 2, long).
    public const uint FICLONE = 0x40049409, FS_IOC_GETFLAGS = 0x80086601, FS_IOC_SETFLAGS = 0x40086602;
    public const int FS_IMMUTABLE_FL = 0x10, FS_APPEND_FL = 0x20;

    [LibraryImport(Library, EntryPoint = "lremovexattr", SetLastError = true)]
    public static partial int LremoveXattr(byte* path, byte* name);

    [LibraryImport(Library, EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FchmodAt(int dirfd, string path, uint mode, int flags);

    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(int oldDirfd, string oldPath, int newDirfd, string newPath);
}
