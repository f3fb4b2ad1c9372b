using System.Runtime.InteropServices;
using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

internal sealed unsafe partial class LayerTree
{
    private void AddRegularFile(TarReader reader)
    {
        // Set at the end where it cannot be given at once; whoever owns it must be able to read it.
        var access = _ordinary ? (_entry.Mode & Permissions) | OwnerReadWrite : _entry.Mode & Permissions;
        var descriptor = CreateFile(access);
        try
        {
            if (_entry.IsSparse)
                WriteSparse(descriptor, reader);
            else
                WriteContent(descriptor, reader);
            SetAttributes(descriptor, Libc.S_IFREG, access, isNew: true);
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
        // Network file systems report here that there was no room.
        if (Libc.Close(descriptor) < 0 && Marshal.GetLastPInvokeError() is var errno and not Errno.EINTR)
            throw Failed(errno, "write");
        _bytes += _entry.Size;
        _inodes++;
        EntryIsFile = true;
    }

    private int CreateFile(uint access)
    {
        var flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        _here.Current.IsDirty = true;
        var descriptor = Libc.OpenAt(_here.Current.Descriptor, _path.NamePointer, flags, access);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EEXIST)
        {
            Displace();
            descriptor = Libc.OpenAt(_here.Current.Descriptor, _path.NamePointer, flags, access);
        }
        return descriptor >= 0 ? descriptor : throw Failed("create the file");
    }

    private void WriteContent(int descriptor, TarReader reader)
    {
        while (true)
        {
            var piece = reader.NextContent();
            if (piece.IsEmpty)
                return;
            fixed (byte* bytes = piece)
            {
                for (var written = 0; written < piece.Length;)
                {
                    var count = Libc.Write(descriptor, bytes + written, (nuint)(piece.Length - written));
                    if (count >= 0)
                        written += (int)count;
                    else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                        throw Failed("write");
                }
            }
        }
    }

    private void WriteSparse(int descriptor, TarReader reader)
    {
        if (Libc.Ftruncate(descriptor, _entry.Size) < 0)
            throw Failed("write");
        ReadOnlySpan<byte> piece = [];
        for (var index = 0; index < _entry.Sparse.Count; index++)
        {
            var (offset, left) = _entry.Sparse[index];
            while (left > 0)
            {
                if (piece.IsEmpty)
                    piece = reader.NextContent();
                var count = (int)Math.Min(left, piece.Length);
                nint written;
                fixed (byte* bytes = piece)
                    written = Libc.Pwrite(descriptor, bytes, (nuint)count, offset);
                if (written < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                    throw Failed("write");
                if (written < 0)
                    continue;
                piece = piece[(int)written..];
                offset += written;
                left -= written;
            }
        }
    }

    private void AddDirectory()
    {
        var access = _ordinary ? (_entry.Mode & Permissions) | OwnerAll : _entry.Mode & Permissions;
        _here.Current.IsDirty = true;
        var isNew = true;
        var opaque = false;
        if (Libc.MkdirAt(_here.Current.Descriptor, _path.NamePointer, access) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EEXIST)
                throw Failed("create the directory");
            isNew = !ExistingIsDirectory();
            if (isNew)
            {
                opaque = Displace();
                if (Libc.MkdirAt(_here.Current.Descriptor, _path.NamePointer, access) < 0)
                    throw Failed("create the directory");
            }
        }
        if (isNew)
        {
            _inodes++;
            opaque |= _notes.TakeWhitedOut(Canonical(_path.Name));
        }
        else
            _notes.Described(Canonical(_path.Name));
        var parent = _here.Current;
        _here.EnterNew(_path.Name, OpenDirectory(_path.NamePointer));
        _aliasHolds = false;
        ref var level = ref _here.Current;
        SetAttributes(level.Descriptor, Libc.S_IFDIR, access, isNew, ref parent);
        if (opaque)
            SetOpaque(level.Descriptor);
        LearnAgain(ref level);
        level.AccessTime = _entry.AccessTime;
        level.ModificationTime = _entry.ModificationTime;
        level.IsDirty = true;
    }

    private void AddSymbolicLink()
    {
        var target = _entry.LinkTarget.Span;
        if (target.IsEmpty || target.Contains((byte)0))
            throw ArchiveErrors.Unsafe(_entry.ToString(), "a symbolic link to an empty path or one with a NUL");
        if (target.Length >= 4096 || target.Length > _limits.MaxPathBytes)
            throw ArchiveErrors.LimitExceeded(
                _entry.ToString(), $"links to a path of {target.Length} bytes", nameof(_limits.MaxPathBytes), Math.Min(_limits.MaxPathBytes, 4095));
        var terminated = stackalloc byte[4096];
        target.CopyTo(new Span<byte>(terminated, 4095));
        terminated[target.Length] = 0;
        _here.Current.IsDirty = true;
        if (Libc.SymlinkAt(terminated, _here.Current.Descriptor, _path.NamePointer) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EEXIST)
                throw Failed("create the symbolic link");
            Displace();
            if (Libc.SymlinkAt(terminated, _here.Current.Descriptor, _path.NamePointer) < 0)
                throw Failed("create the symbolic link");
        }
        _aliasHolds = false;
        _bytes += target.Length;
        _inodes++;
        SetAttributesByName(Libc.S_IFLNK);
    }

    /// <summary>Makes a device or a pipe; for an ordinary user an empty file that says what it should be.</summary>
    private void AddNode()
    {
        var type = _entry.Type switch
        {
            TarEntryType.CharacterDevice => Libc.S_IFCHR,
            TarEntryType.BlockDevice => Libc.S_IFBLK,
            _ => Libc.S_IFIFO,
        };
        if (_ordinary)
        {
            var access = (_entry.Mode & Permissions) | OwnerReadWrite;
            var descriptor = CreateFile(access);
            try
            {
                SetAttributes(descriptor, type, access, isNew: true);
            }
            finally
            {
                _ = Libc.Close(descriptor);
            }
            _inodes++;
            return;
        }
        var device = type == Libc.S_IFIFO ? 0 : Libc.MakeDevice(_entry.DeviceMajor, _entry.DeviceMinor);
        _here.Current.IsDirty = true;
        if (Libc.MknodAt(_here.Current.Descriptor, _path.NamePointer, type | (_entry.Mode & Permissions), device) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EEXIST)
                throw Failed("create the device or pipe");
            Displace();
            if (Libc.MknodAt(_here.Current.Descriptor, _path.NamePointer, type | (_entry.Mode & Permissions), device) < 0)
                throw Failed("create the device or pipe");
        }
        _inodes++;
        SetAttributesByName(type);
    }
}
