using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Opens directories, so that what follows goes by handle and not by a path that may change.</summary>
internal static unsafe class DirectoryHandle
{
    /// <summary>Opens a directory for reading; its last component may not be a symbolic link.</summary>
    public static SafeFileHandle Open(string path)
    {
        var fd = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open the directory", path);
    }

    /// <summary>Opens a directory as a place only (O_PATH), which needs no permission to read it.</summary>
    public static SafeFileHandle OpenPlace(string path)
    {
        var fd = Libc.Open(path, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxError.Last("open the directory", path);
    }

    /// <summary>Opens a directory below another one; its name is one component or a path that is known to hold no symbolic links.</summary>
    /// <returns>The handle, or null where there is no such directory.</returns>
    public static SafeFileHandle? TryOpenAt(int parent, ReadOnlySpan<byte> terminatedName)
    {
        fixed (byte* name = terminatedName)
        {
            var fd = Libc.OpenAt(parent, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            if (fd >= 0)
                return new SafeFileHandle(fd, ownsHandle: true);
            return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP
                ? null
                : throw LinuxError.Last("open the directory", Printable.Escape(terminatedName[..^1]));
        }
    }

    /// <summary>The file descriptor; valid as long as the handle is referenced and not disposed.</summary>
    public static int Descriptor(this SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    /// <summary>
    /// The path of what a descriptor has open, for messages. The error of the last system call stays what it was: messages are put together between the call and the look at its error.
    /// </summary>
    public static string Describe(int descriptor)
    {
        var error = Marshal.GetLastPInvokeError();
        var path = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget ?? "?";
        Marshal.SetLastPInvokeError(error);
        return path;
    }

    /// <summary>A path by which this process reaches an open directory, wherever it stands; also where it is mounted nowhere.</summary>
    public static string ProcPath(this SafeFileHandle directory) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Descriptor()}/.");

    /// <summary>A path of an entry of an open directory that system calls without a handle take (those of extended attributes); both names end with NUL.</summary>
    public static byte[] EntryPath(int directory, ReadOnlySpan<byte> terminatedName) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory}/")), .. terminatedName];

    /// <summary>Makes a directory; false where the name exists.</summary>
    /// <exception cref="StoreException">The directory cannot be made for another reason.</exception>
    public static bool TryCreate(string path, uint mode)
    {
        if (Libc.MkdirAt(Libc.AT_FDCWD, path, mode) == 0)
        {
            // The process's umask is not ours to obey: the mode of a layer's directories is part of the layout.
            if (Libc.FchmodAt(Libc.AT_FDCWD, path, mode, 0) < 0)
                throw LinuxError.Last("set the mode of", path);
            return true;
        }
        return Marshal.GetLastPInvokeError() == Errno.EEXIST ? false : throw LinuxError.Last("create the directory", path);
    }

    /// <summary>Makes what a directory just gained or lost durable.</summary>
    public static void Flush(string path)
    {
        using var handle = Open(path);
        if (Libc.Fsync(handle.Descriptor()) < 0)
            throw LinuxError.Last("flush the directory", path);
    }

    /// <summary>Makes everything on the directory's file system durable.</summary>
    public static void FlushFileSystem(string path)
    {
        using var handle = Open(path);
        if (Libc.Syncfs(handle.Descriptor()) < 0)
            throw LinuxError.Last("flush the file system of", path);
    }
}
