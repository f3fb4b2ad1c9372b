using System.Runtime.InteropServices;
using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

internal sealed unsafe partial class LayerTree
{
    /// <summary>
    /// Gives a file another name. No attribute is set: they are the target's own, whatever the link's header says. A target that this layer does not
    /// have belongs to a lower one: the link is reported.
    /// </summary>
    private void AddHardLink()
    {
        _linkPath.Set(_entry.LinkTarget.Span, _entry, _limits);
        if (_linkPath.IsRoot)
            throw ArchiveErrors.CorruptEntry(_entry.ToString(), "a hard link to the layer's root");
        var kind = WhiteoutNames.Classify(_linkPath.Span);
        if (kind is not (WhiteoutName.None or WhiteoutName.Plink))
            throw ArchiveErrors.Unsafe(_entry.ToString(), "it links to a whiteout");
        while (true)
        {
            // Most links lie beside their target: that directory is open already.
            var directory = _linkPath.Parent.SequenceEqual(_here.Path) ? _here : _there;
            var found = directory == _here || Enter(_there, _linkPath.Parent, make: false);
            if (found && directory.Path.SequenceEqual(_here.Path) && _linkPath.Name.SequenceEqual(_path.Name))
                throw ArchiveErrors.CorruptEntry(_entry.ToString(), "a hard link to itself");
            var outcome = !found || IsWhiteout(directory.Current.Descriptor, _linkPath.Name) ? Errno.ENOENT : Link(directory.Current.Descriptor);
            switch (outcome)
            {
                case 0:
                    return;
                case Errno.EEXIST:
                    // Which may be a directory with the target in it: look again.
                    Displace();
                    continue;
                case Errno.ENOENT when kind == WhiteoutName.Plink:
                    throw ArchiveErrors.CorruptEntry(_entry.ToString(), $"its target '{_linkPath}' is not in the archive");
                case Errno.ENOENT:
                    AddPendingLink(directory, found);
                    return;
                case Errno.EPERM when TryStat(directory.Current.Descriptor, _linkPath.NamePointer, out var data) && data.IsDirectory:
                    throw ArchiveErrors.CorruptEntry(_entry.ToString(), $"a hard link to the directory '{_linkPath}'");
                default:
                    throw Failed(outcome, "create the hard link");
            }
        }
    }

    /// <summary>Links the target's name in its directory to the entry's name in the current one; returns 0 or the error.</summary>
    private int Link(int targetDirectory)
    {
        _here.Current.IsDirty = true;
        // Without AT_SYMLINK_FOLLOW: a link to a symbolic link is a second name of that link.
        return Libc.LinkAt(targetDirectory, _linkPath.NamePointer, _here.Current.Descriptor, _path.NamePointer, 0) == 0
            ? 0
            : Marshal.GetLastPInvokeError();
    }

    private void AddPendingLink(DirectoryStack directory, bool parentFound)
    {
        var target = new ByteBuffer();
        target.Set(directory.Path);
        if (!parentFound)
        {
            target.Append("/"u8);
            target.Append(_work.Span);
        }
        target.Append("/"u8);
        target.Append(_linkPath.Name);
        // A symbolic link on the way may have brought in "..": clean it again.
        _linkPath.Set(target.Span, _entry, _limits);
        var path = Canonical(_path.Name).ToArray();
        if (_linkPath.Span.SequenceEqual(path))
            throw ArchiveErrors.CorruptEntry(_entry.ToString(), "a hard link to itself");
        // What stands there now is replaced, even though the link itself is made later.
        if (TryStat(_here.Current.Descriptor, _path.NamePointer, out _))
            Displace();
        _notes.AddPendingLink(path, _notes.PendingTarget(_linkPath.Span) ?? _linkPath.Span);
    }
}
