using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// A directory inside a tree: a handle and a short path below it. It costs no file descriptor of its own, so that trees of any width and depth
/// can be walked; where the path grows long, a new handle is opened on the way.
/// </summary>
internal sealed unsafe class TreeDirectory
{
    // Far below PATH_MAX, so that a name and "/proc/self/fd/N/" always fit.
    private const int MaxPathBytes = 2048;

    private readonly SafeFileHandle _base;

    // Ends with NUL; "\0" is the base itself.
    private readonly byte[] _path;

    private readonly bool _mayChange;

    private TreeDirectory(SafeFileHandle @base, byte[] path, bool mayChange)
    {
        _base = @base;
        _path = path;
        _mayChange = mayChange;
    }

    /// <summary>The root of a tree. The handle stays the caller's.</summary>
    /// <param name="root">The root.</param>
    /// <param name="mayChange">True where somebody, a container, may put symbolic links in the place of directories at any moment: looking at an entry then costs a handle, and follows none.</param>
    public TreeDirectory(SafeFileHandle root, bool mayChange = false) : this(root, [0], mayChange)
    {
    }

    /// <summary>The directory of that name in this one; nothing is checked yet.</summary>
    public TreeDirectory Child(ReadOnlySpan<byte> name)
    {
        if (_path.Length + name.Length < MaxPathBytes)
            return new TreeDirectory(_base, Below(name), _mayChange);
        var here = SafeOpen.Directory(_base.Descriptor(), _path, Libc.O_PATH);
        return here is null ? new TreeDirectory(_base, Below(name), _mayChange) : new TreeDirectory(here, FileName.Terminated(name), _mayChange);
    }

    /// <summary>Opens it for reading; null where it is gone, is no directory (any more), or is another mount.</summary>
    /// <exception cref="StoreException">It may not be read.</exception>
    public SafeFileHandle? TryOpen()
    {
        var handle = SafeOpen.Directory(_base.Descriptor(), _path);
        if (handle is not null)
            return handle;
        return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV or Errno.ENAMETOOLONG
            ? null
            : throw LinuxError.Last("open the directory", DisplayPath);
    }

    /// <summary>As <see cref="TryOpen"/>, for a directory that must be there.</summary>
    public SafeFileHandle Open() => TryOpen() ?? throw LinuxError.From(Errno.ENOENT, "open the directory", DisplayPath);

    /// <summary>Opens a file in it for reading; null where nothing, or a symbolic link, stands at that name.</summary>
    /// <exception cref="StoreException">It may not be read.</exception>
    public SafeFileHandle? TryOpenFile(ReadOnlySpan<byte> name)
    {
        var handle = SafeOpen.File(_base.Descriptor(), Below(name));
        if (handle is not null)
            return handle;
        return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV or Errno.ENXIO or Errno.ENAMETOOLONG
            ? null
            : throw LinuxError.Last("open", $"{DisplayPath}/{Printable.Escape(name)}");
    }

    /// <summary>What stands at that name, links not followed; false where nothing does.</summary>
    public bool TryStat(ReadOnlySpan<byte> name, out StatxData data)
    {
        if (_mayChange && _path.Length > 1)
        {
            data = default;
            using var place = OpenPlace();
            return place is not null && new TreeDirectory(place).TryStat(name, out data);
        }
        fixed (byte* path = Below(name))
        fixed (StatxData* result = &data)
        {
            if (Libc.Statx(_base.Descriptor(), path, Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_STATX_DONT_SYNC, Libc.STATX_BASIC_STATS, result) == 0)
                return true;
        }
        return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR
            ? false
            : throw LinuxError.Last("look at", $"{DisplayPath}/{Printable.Escape(name)}");
    }

    /// <summary>A handle by which entries can be looked at and that no symbolic link leads to; null where the directory is gone.</summary>
    public SafeFileHandle? OpenPlace() => SafeOpen.Directory(_base.Descriptor(), _path, Libc.O_PATH);

    /// <summary>What stands here; false where nothing does.</summary>
    public bool TryStat(out StatxData data)
    {
        fixed (byte* path = _path)
        fixed (StatxData* result = &data)
        {
            var flags = Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_STATX_DONT_SYNC | Libc.AT_EMPTY_PATH;
            if (Libc.Statx(_base.Descriptor(), path, flags, Libc.STATX_BASIC_STATS, result) == 0)
                return true;
        }
        return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? false : throw LinuxError.Last("look at", DisplayPath);
    }

    /// <summary>A path of the entry that system calls without a handle take (those of extended attributes); ends with NUL.</summary>
    public byte[] ProcPath(ReadOnlySpan<byte> name) => DirectoryHandle.EntryPath(_base.Descriptor(), Below(name));

    /// <summary>As <see cref="ProcPath(ReadOnlySpan{byte})"/>, of the directory itself.</summary>
    public byte[] ProcPath() => ProcPath("."u8);

    /// <summary>Its path, for messages only.</summary>
    public string DisplayPath
    {
        get
        {
            var root = DirectoryHandle.Describe(_base.Descriptor());
            return _path.Length > 1 ? $"{root}/{Printable.Escape(_path.AsSpan()[..^1])}" : root;
        }
    }

    private byte[] Below(ReadOnlySpan<byte> name)
    {
        var directory = _path.AsSpan()[..^1];
        return directory.IsEmpty ? FileName.Terminated(name) : [.. directory, (byte)'/', .. name, 0];
    }
}
