using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>
/// The directory that an extraction works in, and those above it up to the layer's root, as handles. Every step down is one component opened with
/// O_NOFOLLOW, or several by openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: the path never contains a symbolic link, whatever the archive says.
/// </summary>
/// <remarks>
/// What is made in a directory changes its time, so each level knows the time that it should have and gives it back when it is left. A directory that is not on the stack always has its right time on disk:
/// nothing has to be remembered for the end, however many directories there are.
/// </remarks>
internal sealed unsafe class DirectoryStack : IDisposable
{
    // Deeper archives work too; they open directories again that an ordinary tree keeps open.
    private const int MaxOpen = 64;
    private const int PathMax = 4096;

    private readonly int _flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
    private readonly string _displayRoot;
    private DirectoryLevel[] _levels = new DirectoryLevel[16];
    private byte[] _path = new byte[PathMax];
    private bool _useOpenAt2;

    /// <summary>Stands at the root.</summary>
    /// <param name="root">The layer's root; owned from now on.</param>
    /// <param name="displayRoot">For messages.</param>
    /// <param name="useOpenAt2">False where the kernel lacks it, or a test wants to see the other way.</param>
    public DirectoryStack(int root, string displayRoot, bool useOpenAt2)
    {
        _displayRoot = displayRoot;
        _useOpenAt2 = useOpenAt2;
        _levels[0] = new DirectoryLevel { Descriptor = root };
        try
        {
            Learn(ref _levels[0]);
        }
        catch
        {
            _ = Libc.Close(root);
            throw;
        }
    }

    /// <summary>True where a directory may hand an ACL down to what is made in it, so that each one must be asked.</summary>
    public bool WatchAcls { get; set; }

    /// <summary>How many components below the root.</summary>
    public int Depth { get; private set; }

    /// <summary>The directory that the stack stands in; its handle is open.</summary>
    public ref DirectoryLevel Current => ref _levels[Depth];

    public ref DirectoryLevel Root => ref _levels[0];

    /// <summary>The path from the root, without symbolic links; empty at the root.</summary>
    public ReadOnlySpan<byte> Path => _path.AsSpan(0, Current.PathEnd);

    /// <summary>Goes up until the path is a prefix of <paramref name="path"/>, and says what is left of it.</summary>
    public ReadOnlySpan<byte> ReturnTowards(ReadOnlySpan<byte> path)
    {
        var common = Path.CommonPrefixLength(path);
        while (Depth > 0)
        {
            var end = Current.PathEnd;
            if (end <= common && (end == path.Length || path[end] == '/'))
                break;
            Leave();
        }
        EnsureOpen(Depth);
        return path[Current.PathEnd..].TrimStart((byte)'/');
    }

    /// <summary>Goes up one level; stays at the root.</summary>
    public void Up()
    {
        if (Depth > 0)
            Leave();
        EnsureOpen(Depth);
    }

    /// <summary>Goes up to the root.</summary>
    public void ReturnToRoot()
    {
        while (Depth > 0)
            Leave();
    }

    /// <summary>Goes down one component; false with the error in <paramref name="errno"/>.</summary>
    public bool TryEnter(ReadOnlySpan<byte> name, out int errno)
    {
        var terminated = stackalloc byte[256];
        name.CopyTo(new Span<byte>(terminated, 255));
        terminated[name.Length] = 0;
        var descriptor = Libc.OpenAt(Current.Descriptor, terminated, _flags);
        errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor < 0)
            return false;
        Push(name, descriptor);
        Learn(ref Current);
        return true;
    }

    /// <summary>Goes down several components by one call; false where something is in the way: then the caller walks.</summary>
    public bool TryEnterAll(ReadOnlySpan<byte> path)
    {
        if (!_useOpenAt2 || path.Length >= PathMax)
            return false;
        var descriptor = OpenBeneath(Current.Descriptor, path);
        if (descriptor < 0)
            return false;
        while (true)
        {
            var slash = path.IndexOf((byte)'/');
            Push(slash < 0 ? path : path[..slash], slash < 0 ? descriptor : -1);
            if (slash < 0)
                break;
            path = path[(slash + 1)..];
        }
        Learn(ref Current);
        return true;
    }

    /// <summary>Goes down into a directory that was just made and opened; the caller sets what <see cref="Current"/> should know.</summary>
    public void EnterNew(ReadOnlySpan<byte> name, int descriptor) => Push(name, descriptor);

    public void Dispose()
    {
        for (var level = 0; level <= Depth; level++)
        {
            if (_levels[level].Descriptor >= 0)
                _ = Libc.Close(_levels[level].Descriptor);
            _levels[level].Descriptor = -1;
        }
        Depth = 0;
    }

    private void Push(ReadOnlySpan<byte> name, int descriptor)
    {
        var start = Current.PathEnd;
        var end = start + name.Length + (start > 0 ? 1 : 0);
        if (end > _path.Length)
            Array.Resize(ref _path, end * 2);
        if (start > 0)
            _path[start] = (byte)'/';
        name.CopyTo(_path.AsSpan(end - name.Length));
        if (++Depth == _levels.Length)
            Array.Resize(ref _levels, Depth * 2);
        _levels[Depth] = new DirectoryLevel { Descriptor = descriptor, PathEnd = end };
        if (Depth > MaxOpen)
            Release(ref _levels[Depth - MaxOpen]);
    }

    private void Leave()
    {
        Release(ref Current);
        Depth--;
    }

    /// <summary>Gives the directory its time back and closes it.</summary>
    private void Release(ref DirectoryLevel level)
    {
        if (level.Descriptor < 0)
            return;
        var failed = level.RestoreTimes() < 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Libc.Close(level.Descriptor);
        level.Descriptor = -1;
        if (failed != 0)
            throw LinuxError.From(failed, "set the time of the directory", Display(level.PathEnd));
    }

    private void EnsureOpen(int depth)
    {
        if (_levels[depth].Descriptor >= 0)
            return;
        var nearest = depth;
        while (_levels[nearest].Descriptor < 0)
            nearest--;
        var start = _levels[nearest].PathEnd;
        var path = _path.AsSpan(start, _levels[depth].PathEnd - start).TrimStart((byte)'/');
        var descriptor = _useOpenAt2 && path.Length < PathMax ? OpenBeneath(_levels[nearest].Descriptor, path) : -1;
        if (descriptor < 0)
            descriptor = OpenByComponents(_levels[nearest].Descriptor, path);
        if (descriptor < 0)
            throw LinuxError.Last("open the directory", Display(_levels[depth].PathEnd));
        _levels[depth].Descriptor = descriptor;
        Learn(ref _levels[depth]);
    }

    private int OpenBeneath(int directory, ReadOnlySpan<byte> path)
    {
        var terminated = stackalloc byte[PathMax];
        path.CopyTo(new Span<byte>(terminated, PathMax - 1));
        terminated[path.Length] = 0;
        var descriptor = Libc.OpenAt2(
            directory, terminated, _flags, 0, Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS | Libc.RESOLVE_NO_MAGICLINKS);
        // ENOSYS before Linux 5.6; EPERM from sandboxes that do not know the call.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.ENOSYS or Errno.EPERM)
            _useOpenAt2 = false;
        return descriptor;
    }

    private int OpenByComponents(int directory, ReadOnlySpan<byte> path)
    {
        var terminated = stackalloc byte[256];
        for (var current = directory; ;)
        {
            var slash = path.IndexOf((byte)'/');
            var name = slash < 0 ? path : path[..slash];
            name.CopyTo(new Span<byte>(terminated, 255));
            terminated[name.Length] = 0;
            var next = Libc.OpenAt(current, terminated, _flags);
            var errno = Marshal.GetLastPInvokeError();
            if (current != directory)
                _ = Libc.Close(current);
            if (next < 0 || slash < 0)
            {
                Marshal.SetLastPInvokeError(errno);
                return next;
            }
            current = next;
            path = path[(slash + 1)..];
        }
    }

    /// <summary>Reads what the directory says about itself and about what will be made in it.</summary>
    private void Learn(ref DirectoryLevel level)
    {
        if (!level.TryLearn(WatchAcls))
            throw LinuxError.Last("read the attributes of the directory", Display(level.PathEnd));
    }

    private string Display(int pathEnd) => pathEnd == 0 ? _displayRoot : Printable.Escape(_path.AsSpan(0, pathEnd));
}
