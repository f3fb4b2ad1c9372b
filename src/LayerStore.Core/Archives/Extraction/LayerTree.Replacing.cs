using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Archives.Extraction;

internal sealed unsafe partial class LayerTree
{
    /// <summary>Removes what this layer already has under the entry's name: the last entry of a name wins.</summary>
    /// <returns>True where it was a whiteout, so that a directory in its place must be opaque.</returns>
    private bool Displace()
    {
        var directory = _here.Current.Descriptor;
        var name = _path.NamePointer;
        if (!TryStat(directory, name, out var data))
            throw Failed("look at what stands in the place of");
        _aliasHolds = false;
        if (IsWhiteout(directory, name, data))
        {
            RemoveWhiteout(name);
            if (_entry.Type != Archives.Tar.TarEntryType.Directory)
                _notes.AddWhitedOut(Canonical(_path.Name));
            return true;
        }
        if (Displaced is not null && (data.IsDirectory || (data.IsRegular && data.Size > 0)))
            Keep(directory, _path.Name, _here.Path);
        if (!data.IsDirectory)
        {
            if (Libc.UnlinkAt(directory, name, 0) < 0)
                throw Failed("replace");
            Uncount(data);
            return false;
        }
        if (IsOpaque(name))
            _notes.AddWhitedOut(Canonical(_path.Name));
        // The other stack may stand inside.
        _there.ReturnToRoot();
        TreeEraser.Erase(directory, name, _entry.ToString(), Uncount);
        _notes.Described(Canonical(_path.Name));
        _notes.ForgetBelow(Canonical(_path.Name));
        return false;
    }

    private bool ExistingIsDirectory()
    {
        if (!TryStat(_here.Current.Descriptor, _path.NamePointer, out var data))
            throw Failed("look at what stands in the place of");
        return data.IsDirectory;
    }

    /// <summary>Takes back what was counted for something that is gone.</summary>
    private void Uncount(in StatxData data)
    {
        if (data.IsDirectory)
        {
            _inodes--;
            return;
        }
        // Other names of it remain.
        if (data.LinkCount > 1)
            return;
        _inodes--;
        if (data.IsRegular || data.IsSymlink)
            _bytes -= (long)data.Size;
        if (_whiteouts > 0 && data.IsWhiteoutDevice)
            _whiteouts--;
    }

    /// <summary>Has the contents kept that an exact export of the layer will need.</summary>
    private void Keep(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> at)
    {
        using var handle = new SafeFileHandle(directory, ownsHandle: false);
        Displaced!.Keep(new TreeDirectory(handle), name, at);
    }

    private void RemovePlinks()
    {
        if (Displaced is not null)
            Keep(_here.Root.Descriptor, WhiteoutNames.PlinkDirectory, []);
        fixed (byte* name = WhiteoutNames.PlinkDirectory)
            TreeEraser.Erase(_here.Root.Descriptor, name, _displayRoot, Uncount);
        _notes.Described(WhiteoutNames.PlinkDirectory);
        _notes.ForgetBelow(WhiteoutNames.PlinkDirectory);
    }

    private static bool TryStat(int directory, byte* name, out StatxData data)
    {
        fixed (StatxData* pointer = &data)
            return Libc.Statx(directory, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, pointer) == 0;
    }
}
