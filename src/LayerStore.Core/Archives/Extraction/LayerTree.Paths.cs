using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

internal sealed unsafe partial class LayerTree
{
    // Linux follows as many in one path.
    private const int MaxSymlinks = 40;

    private readonly ByteBuffer _alias = new(), _work = new(), _workNext = new();
    private bool _aliasHolds;

    /// <summary>
    /// Goes to a directory of the layer. Symbolic links of this layer are followed as if the layer's root were the root of all paths; those of lower layers are
    /// not here: directories that nobody described are made in their place, and reported.
    /// </summary>
    /// <param name="stack">What moves.</param>
    /// <param name="path">A clean path.</param>
    /// <param name="make">True where missing directories are made.</param>
    /// <returns>False where the directory is missing: the stack stands at the last one that is there, <see cref="_work"/> holds the rest.</returns>
    private bool Enter(DirectoryStack stack, ReadOnlySpan<byte> path, bool make)
    {
        var isHere = ReferenceEquals(stack, _here);
        if (path.SequenceEqual(stack.Path) || (isHere && _aliasHolds && path.SequenceEqual(_alias.Span)))
            return true;
        if (isHere)
            _aliasHolds = false;
        var rest = stack.ReturnTowards(path);
        if (rest.IsEmpty)
            return true;
        if (rest.Contains((byte)'/') && stack.TryEnterAll(rest))
            return true;
        var followed = 0;
        if (!Walk(stack, rest, make, ref followed))
            return false;
        if (followed > 0 && isHere)
        {
            _alias.Set(path);
            _aliasHolds = true;
        }
        return true;
    }

    private bool Walk(DirectoryStack stack, ReadOnlySpan<byte> path, bool make, ref int followed)
    {
        _work.Set(path);
        var position = 0;
        while (position < _work.Length)
        {
            var rest = _work.Span[position..];
            var slash = rest.IndexOf((byte)'/');
            var name = slash < 0 ? rest : rest[..slash];
            var next = position + name.Length + (slash < 0 ? 0 : 1);
            if (name.IsEmpty || name is [(byte)'.'])
            {
                position = next;
                continue;
            }
            if (name is [(byte)'.', (byte)'.'])
            {
                stack.Up();
                position = next;
                continue;
            }
            if (name.Length > 255)
                throw ArchiveErrors.Unsafe(_entry.ToString(), "a symbolic link on its path has a name that is too long");
            if (stack.TryEnter(name, out var errno))
            {
                position = next;
                continue;
            }
            if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP))
                throw Failed(errno, "open the directory of");
            if (errno != Errno.ENOENT && FollowSymlink(stack, name, next))
            {
                if (++followed > MaxSymlinks)
                    throw ArchiveErrors.Unsafe(_entry.ToString(), "its path goes through too many symbolic links");
                if (_work.Span.StartsWith("/"u8))
                    stack.ReturnToRoot();
                position = 0;
                continue;
            }
            if (!make && (errno == Errno.ENOENT || IsWhiteout(stack.Current.Descriptor, name)))
            {
                _workNext.Set(rest);
                _work.Set(_workNext.Span);
                return false;
            }
            if (!make)
                throw ArchiveErrors.Unsafe(_entry.ToString(), "its target lies below something that is no directory");
            MakeImplied(name, exists: errno != Errno.ENOENT);
            position = next;
        }
        return true;
    }

    /// <summary>Where the name is a symbolic link, puts its target before the rest of the work.</summary>
    private bool FollowSymlink(DirectoryStack stack, ReadOnlySpan<byte> name, int next)
    {
        var terminated = stackalloc byte[256];
        Terminate(name, terminated);
        var target = stackalloc byte[4096];
        var length = Libc.ReadlinkAt(stack.Current.Descriptor, terminated, target, 4096);
        if (length < 0)
            return false;
        _workNext.Set(new ReadOnlySpan<byte>(target, (int)length));
        _workNext.Append("/"u8);
        _workNext.Append(_work.Span[next..]);
        _work.Set(_workNext.Span);
        return true;
    }

    /// <summary>Makes a directory that an entry needs and nobody described, and goes there.</summary>
    private void MakeImplied(ReadOnlySpan<byte> name, bool exists)
    {
        var terminated = stackalloc byte[256];
        Terminate(name, terminated);
        var replacesWhiteout = false;
        if (exists)
        {
            if (!IsWhiteout(_here.Current.Descriptor, name))
                throw ArchiveErrors.Unsafe(_entry.ToString(), $"'{Printable.Escape(Canonical(name))}', which it lies below, is no directory");
            RemoveWhiteout(terminated);
            replacesWhiteout = true;
        }
        else if (_notes.PendingTarget(Canonical(name)) is not null)
            throw ArchiveErrors.Unsafe(_entry.ToString(), $"'{Printable.Escape(Canonical(name))}', which it lies below, is no directory");
        else
            replacesWhiteout = _notes.TakeWhitedOut(Canonical(name));
        const uint mode = UndescribedMode;
        _here.Current.IsDirty = true;
        if (Libc.MkdirAt(_here.Current.Descriptor, terminated, mode) < 0)
            throw Failed("create a directory for");
        _inodes++;
        var path = Canonical(name).ToArray();
        var parent = _here.Current;
        var descriptor = OpenDirectory(terminated);
        _here.EnterNew(name, descriptor);
        ref var level = ref _here.Current;
        if (parent.HasDefaultAcl)
            RemoveAcls(descriptor);
        if ((!_ordinary && (parent.Gid != _gid || (parent.Mode & S_ISGID) != 0) && Libc.Fchown(descriptor, _uid, _gid) < 0)
            || ((parent.HasDefaultAcl || (mode & _umask) != 0 || (parent.Mode & S_ISGID) != 0) && Libc.Fchmod(descriptor, mode) < 0))
            throw Failed("create a directory for");
        if (_ordinary && new OverrideStat(0, 0, Libc.S_IFDIR | mode).Write(descriptor) < 0)
            throw Failed("record the owner of a directory for");
        LearnAgain(ref level);
        level.AccessTime = level.ModificationTime = _entry.ModificationTime;
        level.IsDirty = true;
        if (replacesWhiteout)
            SetOpaque(descriptor);
        else
            _notes.AddImplied(path);
    }

    private int OpenDirectory(byte* name)
    {
        var descriptor = Libc.OpenAt(_here.Current.Descriptor, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
        return descriptor >= 0 ? descriptor : throw Failed("open the directory");
    }

    private void LearnAgain(ref DirectoryLevel level)
    {
        var (access, modification, dirty) = (level.AccessTime, level.ModificationTime, level.IsDirty);
        if (!level.TryLearn(_here.WatchAcls))
            throw Failed("read the attributes of");
        (level.AccessTime, level.ModificationTime, level.IsDirty) = (access, modification, dirty);
    }

    private static void Terminate(ReadOnlySpan<byte> name, byte* destination)
    {
        name.CopyTo(new Span<byte>(destination, 255));
        destination[name.Length] = 0;
    }
}
