using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// Where a path leads when an open directory is the root of all paths: symbolic links, absolute ones as well, and <c>..</c> stay below it. Each step is one component by handle and links are
/// read and followed here, so that nothing that somebody changes on the way can lead out, on every kernel.
/// </summary>
internal sealed unsafe class RootedPath : IDisposable
{
    // As MAXSYMLINKS of the kernel.
    private const int MaxLinks = 40;

    private readonly SafeFileHandle _root;
    private readonly bool _crossesMounts;
    private bool _makes;
    private readonly List<(SafeFileHandle Handle, byte[] Name)> _walked = [];

    private RootedPath(SafeFileHandle root, bool crossesMounts) => (_root, _crossesMounts) = (root, crossesMounts);

    /// <summary>The directory that has the entry (O_PATH); the root itself where the path leads to the root. Valid until this is disposed.</summary>
    public SafeFileHandle Directory { get; private set; } = null!;

    /// <summary>The entry's name in <see cref="Directory"/>; empty where the path leads to the root.</summary>
    public byte[] Name { get; private set; } = [];

    /// <summary>What stands there, links not followed; null where nothing does.</summary>
    public StatxData? Data { get; private set; }

    /// <summary>Follows a path.</summary>
    /// <param name="root">The directory; stays the caller's, and open as long as the result is used.</param>
    /// <param name="path">The path; absolute is the same as relative.</param>
    /// <param name="followLast">Whether a symbolic link at the end is followed.</param>
    /// <param name="crossesMounts">Whether other file systems that are mounted on the way are entered.</param>
    /// <param name="display">The path as messages name it.</param>
    /// <param name="makesDirectories">Whether directories that are not there are made (root's, 0755), the last one too.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.FileNotFound"/> where a directory on the way is missing; <see cref="ErrorIds.PathInvalid"/> where links lead round in circles.</exception>
    public static RootedPath Resolve(SafeFileHandle root, ReadOnlySpan<byte> path, bool followLast, bool crossesMounts, string display, bool makesDirectories = false)
    {
        var result = new RootedPath(root, crossesMounts) { _makes = makesDirectories };
        try
        {
            result.Walk(path, followLast, display);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Opens what stands there, a directory, for reading.</summary>
    public SafeFileHandle OpenDirectory(string display) =>
        TryEnter(Directory, Name.Length == 0 ? "."u8 : Name, Libc.O_RDONLY, _crossesMounts) ?? throw LinuxError.Last("open the directory", display);

    /// <summary>Opens a directory by one component, never through a symbolic link; null with the error in errno.</summary>
    public static SafeFileHandle? TryEnter(SafeFileHandle parent, ReadOnlySpan<byte> name, int flags, bool crossesMounts)
    {
        var terminated = FileName.Terminated(name);
        if (!crossesMounts)
            return SafeOpen.Directory(parent.Descriptor(), terminated, flags);
        fixed (byte* start = terminated)
        {
            var fd = Libc.OpenAt(parent.Descriptor(), start, flags | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    public void Dispose() => Return(0);

    private void Walk(ReadOnlySpan<byte> path, bool followLast, string display)
    {
        var links = 0;
        var rest = new Stack<byte[]>();
        Push(rest, path);
        while (rest.TryPop(out var name))
        {
            if (name is [(byte)'.', (byte)'.'])
            {
                Return(Math.Max(0, _walked.Count - 1));
                continue;
            }
            var here = Top;
            var data = Stat(here, name, display);
            if (data is { IsSymlink: true } && (followLast || rest.Count > 0))
            {
                if (++links > MaxLinks)
                    throw new StoreException(ErrorIds.PathInvalid, StoreErrorKind.InvalidArgument, display,
                        $"'{Printable.Escape(display)}' goes through too many symbolic links.", "Name the file by the path that it really has.");
                var target = SymbolicLink.Read(here.Descriptor(), FileName.Terminated(name));
                if (target is [(byte)'/', ..])
                    Return(0);
                Push(rest, target);
                continue;
            }
            if (data is null && _makes)
                data = Make(here, name, display);
            if (rest.Count == 0)
            {
                (Directory, Name, Data) = (here, name, data);
                return;
            }
            var next = data is null ? null : TryEnter(here, name, Libc.O_PATH, _crossesMounts);
            if (next is null)
                throw new StoreException(ErrorIds.FileNotFound, StoreErrorKind.NotFound, display,
                    $"'{Printable.Escape(display)}' is not there: '{Printable.Escape(name)}' on its way {(data is null ? "does not exist" : "is no directory, or another file system is mounted there")}.",
                    "Check the path; directories on the way are not made.");
            _walked.Add((next, name));
        }
        // The path ends with "..", or is the root.
        if (_walked.Count > 0)
        {
            Directory = _walked.Count == 1 ? _root : _walked[^2].Handle;
            Name = _walked[^1].Name;
        }
        else
            Directory = _root;
        Data = Stat(Directory, Name.Length == 0 ? "."u8 : Name, display);
    }

    private SafeFileHandle Top => _walked.Count == 0 ? _root : _walked[^1].Handle;

    private static StatxData? Stat(SafeFileHandle directory, ReadOnlySpan<byte> name, string display)
    {
        StatxData data;
        fixed (byte* start = FileName.Terminated(name))
        {
            if (Libc.Statx(directory.Descriptor(), start, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &data) == 0)
                return data;
        }
        return Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw LinuxError.Last("look at", display);
    }

    private static StatxData? Make(SafeFileHandle directory, byte[] name, string display)
    {
        const uint Mode = 0x1ED; // 0755
        var terminated = FileName.Terminated(name);
        int made;
        fixed (byte* start = terminated)
            made = Libc.MkdirAt(directory.Descriptor(), start, Mode);
        if (made < 0 && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            throw LinuxError.Last("create the directory", display);
        // Not what the umask leaves of it; by a handle, as whoever works in the container may have put a link in its place.
        if (made == 0)
        {
            using var handle = DirectoryHandle.TryOpenAt(directory.Descriptor(), terminated);
            if (handle is not null)
                _ = Libc.Fchmod(handle.Descriptor(), Mode);
        }
        return Stat(directory, name, display);
    }

    private void Return(int depth)
    {
        for (var i = _walked.Count - 1; i >= depth; i--)
            _walked[i].Handle.Dispose();
        _walked.RemoveRange(depth, _walked.Count - depth);
    }

    private static void Push(Stack<byte[]> rest, ReadOnlySpan<byte> path)
    {
        // A slash at the end asks for a directory, which is the caller's to check.
        while (!path.IsEmpty)
        {
            var slash = path.LastIndexOf((byte)'/');
            var name = path[(slash + 1)..];
            if (!name.IsEmpty && name is not [(byte)'.'])
                rest.Push(name.ToArray());
            path = slash < 0 ? [] : path[..slash];
        }
    }
}
