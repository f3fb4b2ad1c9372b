using System.Runtime.InteropServices;
using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

internal sealed unsafe partial class LayerTree
{
    private void SetAttributes(int descriptor, uint type, uint access, bool isNew) =>
        SetAttributes(descriptor, type, access, isNew, ref _here.Current);

    /// <summary>Owner, mode, extended attributes and, but for directories, times; each only where the kernel has not given it already.</summary>
    /// <param name="descriptor">The open file or directory.</param>
    /// <param name="type">What it is in the image (S_IFMT).</param>
    /// <param name="access">The mode that it was made with, before the umask.</param>
    /// <param name="isNew">False where it was there before and may have any attributes.</param>
    /// <param name="parent">The directory that it was made in.</param>
    private void SetAttributes(int descriptor, uint type, uint access, bool isNew, ref DirectoryLevel parent)
    {
        if (parent.HasDefaultAcl && isNew)
            RemoveAcls(descriptor);
        var given = access & ~_umask;
        if (_ordinary)
        {
            // setgid would be inherited, and means nothing under another owner.
            if ((!isNew || given != access || parent.HasDefaultAcl || (parent.Mode & S_ISGID) != 0) && Libc.Fchmod(descriptor, access) < 0)
                throw Failed("set the mode of");
            RecordOverride(descriptor, type);
        }
        else
        {
            if (type == Libc.S_IFDIR)
                given |= parent.Mode & S_ISGID;
            // With another group on the parent the kernel may have given that one: setgid, or a file system mounted with grpid.
            if ((!isNew || _entry.Uid != _uid || _entry.Gid != _gid || parent.Gid != _gid) && Libc.Fchown(descriptor, _entry.Uid, _entry.Gid) < 0)
                throw Failed("change the owner of");
            // After the owner, since changing that one clears setuid and setgid.
            if ((!isNew || given != _entry.Mode || parent.HasDefaultAcl) && Libc.Fchmod(descriptor, _entry.Mode) < 0)
                throw Failed("set the mode of");
        }
        if (_entry.XattrCount > 0)
            SetXattrs(descriptor, type == Libc.S_IFREG);
        if (type == Libc.S_IFDIR)
            return;
        var times = stackalloc TimeSpec[2] { _entry.AccessTime, _entry.ModificationTime };
        if (Libc.Futimens(descriptor, times) < 0)
            throw Failed("set the time of");
    }

    private void RecordOverride(int descriptor, uint type)
    {
        if (new OverrideStat(_entry.Uid, _entry.Gid, type | _entry.Mode, _entry.DeviceMajor, _entry.DeviceMinor).Write(descriptor) < 0)
            throw Failed("record the owner of");
    }

    /// <summary>As <see cref="SetAttributes(int, uint, uint, bool)"/> for what cannot be opened: symbolic links, devices and pipes.</summary>
    private void SetAttributesByName(uint type)
    {
        ref var parent = ref _here.Current;
        var name = _path.NamePointer;
        if (!_ordinary && (_entry.Uid != _uid || _entry.Gid != _gid || parent.Gid != _gid)
            && Libc.FchownAt(parent.Descriptor, name, _entry.Uid, _entry.Gid, Libc.AT_SYMLINK_NOFOLLOW) < 0)
            throw Failed("change the owner of");
        // Never through a link: this name was made a moment ago, and a symbolic link has no mode.
        if (type != Libc.S_IFLNK)
        {
            if (parent.HasDefaultAcl)
                RemoveAcl(name);
            if (((_entry.Mode & ~_umask & Permissions) != _entry.Mode || parent.HasDefaultAcl) && Libc.FchmodAt(parent.Descriptor, name, _entry.Mode, 0) < 0)
                throw Failed("set the mode of");
        }
        if (_entry.XattrCount > 0)
            SetXattrsByName(name);
        var times = stackalloc TimeSpec[2] { _entry.AccessTime, _entry.ModificationTime };
        if (Libc.UtimensAt(parent.Descriptor, name, times, Libc.AT_SYMLINK_NOFOLLOW) < 0)
            throw Failed("set the time of");
    }

    private void SetXattrs(int descriptor, bool isRegular)
    {
        var name = stackalloc byte[320];
        for (var index = 0; index < _entry.XattrCount; index++)
        {
            if (!TryPrepareXattr(index, isRegular, name, out var value))
                continue;
            fixed (byte* bytes = value)
            {
                if (Libc.FsetXattr(descriptor, name, bytes, (nuint)value.Length, 0) < 0)
                    throw FailedXattr(index);
            }
        }
    }

    private void SetXattrsByName(byte* entryName)
    {
        var name = stackalloc byte[320];
        var path = stackalloc byte[320];
        PathOfName(entryName, path);
        for (var index = 0; index < _entry.XattrCount; index++)
        {
            if (!TryPrepareXattr(index, isRegular: false, name, out var value))
                continue;
            fixed (byte* bytes = value)
            {
                if (Libc.LsetXattr(path, name, bytes, (nuint)value.Length, 0) == 0)
                    continue;
            }
            // Linux has no user attributes, and no ACLs, on links and devices.
            if (Marshal.GetLastPInvokeError() is Errno.EPERM or Errno.EOPNOTSUPP && !_entry.XattrName(index).StartsWith("trusted."u8))
                continue;
            throw FailedXattr(index);
        }
    }

    private bool TryPrepareXattr(int index, bool isRegular, byte* name, out ReadOnlySpan<byte> value)
    {
        value = _entry.XattrValue(index);
        var given = _entry.XattrName(index);
        if (given.SequenceEqual("security.capability"u8))
        {
            if (!isRegular)
                return false;
            if (!XattrRule.IsCapability(value))
                throw ArchiveErrors.CorruptEntry(_entry.ToString(), $"its file capabilities have {value.Length} bytes, which is no form that Linux knows");
        }
        if (XattrRule.Apply(given, _ordinary, escapesOverlay: !_plain, new Span<byte>(name, 320)) == 0)
            return false;
        if (given.SequenceEqual("system.posix_acl_default"u8))
            _here.WatchAcls = true;
        if (given.StartsWith("trusted.overlay."u8) || given.StartsWith("user.overlay."u8))
            FilesOnly = false;
        return true;
    }

    // A name or a value that Linux takes for none is a fault of the archive, and of nothing here.
    private StoreException FailedXattr(int index) => Marshal.GetLastPInvokeError() is Errno.EINVAL or Errno.ERANGE
        ? ArchiveErrors.CorruptEntry(_entry.ToString(), $"Linux takes its extended attribute '{Printable.Escape(_entry.XattrName(index))}' for none")
        : Failed($"set the extended attribute '{Printable.Escape(_entry.XattrName(index))}' of");

    /// <summary>Takes away what a new file inherited from its directory; the archive says what it should have.</summary>
    private static void RemoveAcls(int descriptor)
    {
        fixed (byte* access = "system.posix_acl_access\0"u8, inherited = "system.posix_acl_default\0"u8)
        {
            _ = Libc.FremoveXattr(descriptor, access);
            _ = Libc.FremoveXattr(descriptor, inherited);
        }
    }

    private void RemoveAcl(byte* entryName)
    {
        var path = stackalloc byte[320];
        PathOfName(entryName, path);
        fixed (byte* access = "system.posix_acl_access\0"u8)
            _ = Libc.LremoveXattr(path, access);
    }

    /// <summary>A path to a name in the current directory that goes through its handle; extended attributes have no *at calls before Linux 6.13.</summary>
    private void PathOfName(byte* entryName, byte* path)
    {
        var text = new Span<byte>(path, 320);
        System.Text.Unicode.Utf8.TryWrite(text, $"/proc/self/fd/{_here.Current.Descriptor}/", out var length);
        var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entryName);
        name.CopyTo(text[length..]);
        text[length + name.Length] = 0;
    }
}
