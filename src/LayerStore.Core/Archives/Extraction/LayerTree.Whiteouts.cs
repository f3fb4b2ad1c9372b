using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

internal sealed unsafe partial class LayerTree
{
    private void AddNamedWhiteout()
    {
        Enter(_here, _path.Parent, make: true);
        AddWhiteout(_path.Name[WhiteoutNames.Prefix.Length..]);
    }

    /// <summary>Hides a name of the lower layers. What this layer has of that name stays, whichever came first.</summary>
    private void AddWhiteout(ReadOnlySpan<byte> name)
    {
        var terminated = stackalloc byte[256];
        Terminate(name, terminated);
        var directory = _here.Current.Descriptor;
        if (!TryStat(directory, terminated, out var data))
        {
            if (_notes.PendingTarget(Canonical(name)) is null)
                MakeWhiteout(directory, terminated);
            return;
        }
        if (data.IsDirectory)
        {
            var descriptor = OpenDirectory(terminated);
            try
            {
                SetOpaque(descriptor);
            }
            finally
            {
                _ = Libc.Close(descriptor);
            }
            _notes.Described(Canonical(name));
        }
        else if (!IsWhiteout(directory, terminated, data))
            _notes.AddWhitedOut(Canonical(name));
    }

    /// <summary>Hides everything that the lower layers have in the entry's directory.</summary>
    private void AddOpaque()
    {
        if (_path.Parent.IsEmpty)
        {
            RootIsOpaque = true;
            return;
        }
        Enter(_here, _path.Parent, make: true);
        SetOpaque(_here.Current.Descriptor);
    }

    private void MakeWhiteout(int directory, byte* name)
    {
        _here.Current.IsDirty = true;
        FilesOnly = false;
        if (_userDialect)
            MakeUserWhiteout(directory, name);
        else if (Libc.MknodAt(directory, name, Libc.S_IFCHR, 0) < 0)
            throw Failed("create the whiteout");
        _whiteouts++;
        _inodes++;
    }

    private void MakeUserWhiteout(int directory, byte* name)
    {
        var descriptor = Libc.OpenAt(directory, name, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, OwnerReadWrite);
        if (descriptor < 0)
            throw Failed("create the whiteout");
        var value = stackalloc byte[2] { (byte)'y', (byte)'x' };
        int made;
        fixed (byte* whiteout = "user.overlay.whiteout\0"u8)
            made = Libc.FsetXattr(descriptor, whiteout, value, 1, 0);
        var errno = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        if (made < 0)
            throw Failed(errno, "create the whiteout");
        // The directory must say that it has such whiteouts; one that is opaque says enough.
        fixed (byte* opaque = "user.overlay.opaque\0"u8)
        {
            if (Libc.FsetXattr(directory, opaque, value + 1, 1, Libc.XATTR_CREATE) < 0 && Marshal.GetLastPInvokeError() != Errno.EEXIST)
                throw Failed("mark the directory of");
        }
    }

    private void SetOpaque(int descriptor)
    {
        var value = stackalloc byte[1] { (byte)'y' };
        fixed (byte* name = _userDialect ? "user.overlay.opaque\0"u8 : "trusted.overlay.opaque\0"u8)
        {
            if (Libc.FsetXattr(descriptor, name, value, 1, 0) < 0)
                throw Failed("make the directory opaque for");
        }
        _opaques++;
        FilesOnly = false;
    }

    private bool IsOpaque(byte* name)
    {
        var descriptor = OpenDirectory(name);
        var value = stackalloc byte[1];
        nint length;
        fixed (byte* opaque = _userDialect ? "user.overlay.opaque\0"u8 : "trusted.overlay.opaque\0"u8)
            length = Libc.FgetXattr(descriptor, opaque, value, 1);
        _ = Libc.Close(descriptor);
        return length == 1 && *value == 'y';
    }

    private bool IsWhiteout(int directory, ReadOnlySpan<byte> name)
    {
        if (_whiteouts == 0)
            return false;
        var terminated = stackalloc byte[256];
        Terminate(name, terminated);
        return TryStat(directory, terminated, out var data) && IsWhiteout(directory, terminated, data);
    }

    private bool IsWhiteout(int directory, byte* name, in StatxData data)
    {
        if (_whiteouts == 0)
            return false;
        if (!_userDialect)
            return data.IsWhiteoutDevice;
        return data.IsRegular && data.Size == 0 && StaleWhiteouts.HasWhiteoutXattr(directory, name);
    }

    private void RemoveWhiteout(byte* name)
    {
        if (Libc.UnlinkAt(_here.Current.Descriptor, name, 0) < 0)
            throw Failed("replace the whiteout for");
        _here.Current.IsDirty = true;
        _whiteouts--;
        _inodes--;
    }
}
