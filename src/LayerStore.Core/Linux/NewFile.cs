using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// A file that appears under its name when it is complete, or never: it is written without a name where the file system can do that, so that not even a killed process
/// leaves anything behind.
/// </summary>
internal sealed unsafe class NewFile : IDisposable
{
    private readonly string _path;
    private string? _temporary;

    private NewFile(string path, SafeFileHandle file, string? temporary)
    {
        _path = path;
        _temporary = temporary;
        Stream = new FileStream(file, FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>Where the content goes. Disposed with the file.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file in the directory that <paramref name="path"/> will be in.</summary>
    /// <param name="path">Its later name.</param>
    /// <param name="mode">Its mode, before the umask.</param>
    public static NewFile Create(string path, uint mode)
    {
        var directory = Path.GetDirectoryName(path)!;
        var fd = Libc.Open(directory, Libc.O_TMPFILE | Libc.O_RDWR | Libc.O_CLOEXEC, mode);
        string? temporary = null;
        if (fd < 0 && Marshal.GetLastPInvokeError() is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL)
        {
            temporary = TemporaryName(path);
            fd = Libc.Open(temporary, Libc.O_CREAT | Libc.O_EXCL | Libc.O_RDWR | Libc.O_CLOEXEC, mode);
        }
        return fd >= 0 ? new NewFile(path, new SafeFileHandle(fd, ownsHandle: true), temporary) : throw LinuxError.Last("make a file in", directory);
    }

    /// <summary>A name beside a path that nobody else has.</summary>
    public static string TemporaryName(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)[..Math.Min(100, Path.GetFileName(path).Length)]}.{Guid.NewGuid():N}");

    /// <summary>Gives the file its name.</summary>
    /// <param name="replace">True to take the place of what has the name.</param>
    /// <returns>False where the name is taken and <paramref name="replace"/> does not allow it.</returns>
    public bool Publish(bool replace)
    {
        Stream.Flush();
        if (!replace && _temporary is null)
            return Link(_path);
        if (_temporary is null)
        {
            var temporary = TemporaryName(_path);
            Link(temporary);
            _temporary = temporary;
        }
        else if (!replace)
        {
            fixed (byte* from = FileName.Terminated(_temporary), to = FileName.Terminated(_path))
            {
                if (Libc.LinkAt(Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, 0) == 0)
                    return true;
            }
            return Marshal.GetLastPInvokeError() == Errno.EEXIST ? false : throw LinuxError.Last("create", _path);
        }
        if (Libc.Rename(_temporary, _path) < 0)
            throw LinuxError.Last("create", _path);
        _temporary = null;
        return true;
    }

    /// <summary>Closes the file; without <see cref="Publish"/> nothing is left of it.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is not null)
            _ = Libc.UnlinkAt(Libc.AT_FDCWD, _temporary, 0);
    }

    private bool Link(string path)
    {
        var own = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Stream.SafeFileHandle.Descriptor()}");
        fixed (byte* from = FileName.Terminated(own), to = FileName.Terminated(path))
        {
            if (Libc.LinkAt(Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, Libc.AT_SYMLINK_FOLLOW) == 0)
                return true;
        }
        return Marshal.GetLastPInvokeError() == Errno.EEXIST ? false : throw LinuxError.Last("create", path);
    }
}
