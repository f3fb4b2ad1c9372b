using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Puts a layer, complete in overlayfs's format, on top of a plain copy of its parent, and so makes the tree that overlayfs would show. Files and whole new directories
/// are moved, not copied.
/// </summary>
/// <param name="format">How deletions stand in the layer.</param>
/// <param name="filesOnly">True where nothing in it is written in that format; what the layer brings is moved without a look at it then.</param>
internal sealed class DiffMerger(OverlayFormat format, bool filesOnly)
{
    private readonly AttributeUnescaping _attributes = new(format);
    private readonly List<(TreeDirectory Staged, TreeDirectory Target, StatxData Data)> _merged = [];

    /// <summary>Merges the staged directory into the target; what is left of the staged one is the caller's to remove.</summary>
    public void Merge(SafeFileHandle staged, SafeFileHandle target)
    {
        var pending = new Stack<(TreeDirectory Staged, TreeDirectory Target)>();
        Enter(new TreeDirectory(staged), new TreeDirectory(target), pending);
        while (pending.TryPop(out var at))
        {
            using var from = at.Staged.Open();
            using var into = at.Target.Open();
            LetOwnerWrite(from);
            LetOwnerWrite(into);
            foreach (var name in DirectoryReader.NamesOf(from))
                if (!filesOnly || !TryMove(from, into, name))
                    MergeEntry(at.Staged, from, at.Target, into, name, pending);
        }

        // Last: every entry that came or went changed its directory's time.
        _merged.Reverse();
        foreach (var (source, place, data) in _merged)
            ReplaceAttributes(source, place, data);
    }

    /// <summary>Makes a plain tree of a layer that has nothing below it: whiteouts hide nothing, overlayfs's notes go, escaped attributes get their names back.</summary>
    public void Flatten(SafeFileHandle root) => Flatten(new TreeDirectory(root));

    /// <summary>Moves an entry to where nothing, another file or an empty directory stands: there is nothing to be merged.</summary>
    /// <returns>False where there is.</returns>
    private static bool TryMove(SafeFileHandle from, SafeFileHandle into, byte[] name)
    {
        var terminated = FileName.Terminated(name);
        return EntryMove.TryMove(from.Descriptor(), terminated, into.Descriptor(), terminated) switch
        {
            0 => true,
            Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR or Errno.EISDIR => false,
            var error => throw LinuxError.From(error, "move", Printable.Escape(name)),
        };
    }

    private void Enter(TreeDirectory staged, TreeDirectory target, Stack<(TreeDirectory, TreeDirectory)> pending)
    {
        staged.TryStat(out var data);
        _merged.Add((staged, target, data));
        pending.Push((staged, target));
    }

    private void MergeEntry(
        TreeDirectory staged, SafeFileHandle from, TreeDirectory target, SafeFileHandle into, byte[] name, Stack<(TreeDirectory, TreeDirectory)> pending)
    {
        if (!staged.TryStat(name, out var data))
            return;
        var terminated = FileName.Terminated(name);
        if (!filesOnly && format.IsWhiteout(staged, name, data))
        {
            TreeRemover.Remove(into.Descriptor(), terminated);
            return;
        }
        var exists = target.TryStat(name, out var existing);
        if (data.IsDirectory && exists && existing.IsDirectory && (filesOnly || !format.IsOpaque(staged.Child(name))))
        {
            Enter(staged.Child(name), target.Child(name), pending);
            return;
        }
        if (exists)
            TreeRemover.Remove(into.Descriptor(), terminated);
        EntryMove.Move(from.Descriptor(), terminated, into.Descriptor(), terminated);
        if (data.IsDirectory)
            Flatten(target.Child(name));
        else
            Unescape(target.ProcPath(name), data);
    }

    private void Flatten(TreeDirectory root)
    {
        if (filesOnly)
            return;
        var pending = new Stack<TreeDirectory>();
        pending.Push(root);
        while (pending.TryPop(out var directory))
        {
            directory.TryStat(out var times);
            var changed = false;
            using var handle = directory.Open();
            Unescape(directory.ProcPath(), times);
            foreach (var name in DirectoryReader.NamesOf(handle))
            {
                if (!directory.TryStat(name, out var data))
                    continue;
                if (format.IsWhiteout(directory, name, data))
                {
                    TreeRemover.Remove(handle.Descriptor(), FileName.Terminated(name));
                    changed = true;
                }
                else if (data.IsDirectory)
                    pending.Push(directory.Child(name));
                else
                    Unescape(directory.ProcPath(name), data);
            }
            if (changed)
                NodeCopy.SetTimes(handle.Descriptor(), times);
        }
    }

    private void ReplaceAttributes(TreeDirectory staged, TreeDirectory target, in StatxData data)
    {
        using var from = staged.Open();
        using var into = target.Open();
        var path = target.ProcPath();
        foreach (var name in ExtendedAttributes.List(path))
            ExtendedAttributes.Remove(path, FileName.Terminated(name));
        NodeCopy.CopyDirectoryAttributes(from.Descriptor(), data, into.Descriptor(), format.Unescape);
    }

    // Both directories get their modes at the end.
    private static void LetOwnerWrite(SafeFileHandle directory)
    {
        if (Libc.Geteuid() != 0)
            _ = Libc.Fchmod(directory.Descriptor(), 0x1C0);
    }

    private void Unescape(byte[] path, in StatxData data)
    {
        if (!filesOnly)
            _attributes.Run(path, data);
    }
}
