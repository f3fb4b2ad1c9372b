using System.Runtime.InteropServices;

namespace LayerStore.Linux;

internal static unsafe partial class Libc
{
    public const int F_OFD_SETLK = 37, F_OFD_SETLKW = 38;
    public const short F_RDLCK = 0, F_WRLCK = 1, F_UNLCK = 2;

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    // Variadic in C; the third argument is a pointer, which both supported ABIs pass in a register.
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FcntlLock(int fd, int command, FileLock* region);
}

/// <summary>struct flock of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FileLock
{
    public short Type;
    public short Whence;
    public long Start;
    public long Length;
    public int Pid;
}
