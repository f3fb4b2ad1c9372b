using LayerStore.Archives.TarSplit;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Changes the layer on top of a stack as the kernel's copy-up would: directories and files get what the layers below say of them, and directories that are only
/// passed through keep their times.
/// </summary>
/// <param name="stack">The stack; its first layer is written to.</param>
/// <param name="format">That layer's format.</param>
/// <param name="displaced">Where files of that layer go before they are replaced; null where nobody wants them.</param>
internal sealed unsafe class LayerWriter(LayerStack stack, OverlayFormat format, DisplacedContents? displaced)
{
    private readonly Dictionary<byte[], StatxData> _times = new(NameComparer.Instance);
    private CopyMethod _copyMethod;

    /// <summary>True once something was written that only overlayfs understands.</summary>
    public bool WroteNotes { get; private set; }

    private TreeDirectory Own => stack.Root.Parts[0].Directory;

    /// <summary>Makes the directory in the layer, with what is merged there below it; its parents as well. No component of the path is a symbolic link.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="timesFrom">A directory of the layer whose times a wholly new directory gets.</param>
    public void EnsureDirectory(ReadOnlySpan<byte> path, byte[] timesFrom)
    {
        var merged = stack.Root;
        byte[] at = [];
        Remember(at);
        while (!path.IsEmpty)
        {
            var name = LayerStack.SplitFirst(ref path).ToArray();
            var node = merged?.Find(name);
            var parent = at;
            at = FileName.Join(at, name);
            if (node?.Directory?.Parts is not [{ Layer: 0 }, ..])
                MakeDirectory(parent, name, node?.Directory?.Parts[0]);
            Remember(at);
            if (node?.Directory is null && At(timesFrom).TryStat(out var times))
                _times[at] = times;
            merged = merged?.Find(name)?.Directory;
        }
    }

    /// <summary>Moves what is in one of the layer's directories into another one of its directories, and removes the emptied one.</summary>
    /// <param name="from">The directory that goes.</param>
    /// <param name="to">The directory that stays.</param>
    /// <param name="isImplied">Whether a directory (by its path below <paramref name="from"/>) was only implied, and so has no attributes of its own to bring along.</param>
    public void MoveEntries(byte[] from, byte[] to, Predicate<byte[]> isImplied)
    {
        Remember(FileName.SplitLast(from).Parent);
        Remember(to);
        using (var source = At(from).Open())
        using (var target = At(to).Open())
        {
            foreach (var name in DirectoryReader.NamesOf(source))
                MoveEntry(source, target, name, FileName.Join(from, name), FileName.Join(to, name), isImplied);
        }
        var (parentPath, last) = FileName.SplitLast(from);
        using var parent = At(parentPath).Open();
        TreeRemover.Remove(parent.Descriptor(), FileName.Terminated(last));
    }

    /// <summary>Copies what shows at a path from a lower layer into this one.</summary>
    public void CopyUp(byte[] path, MergedNode node)
    {
        var (parentPath, name) = FileName.SplitLast(path);
        EnsureDirectory(parentPath, parentPath);
        using var source = node.Source.Directory.Open();
        using var target = At(parentPath).Open();
        var terminated = FileName.Terminated(name);
        NodeCopy.Copy(source.Descriptor(), FileName.Terminated(node.Name), node.Data, target.Descriptor(), terminated, ref _copyMethod, Renaming(node.Source));
    }

    /// <summary>Makes a hard link inside the layer; what has the name so far is replaced.</summary>
    public void Link(byte[] target, byte[] path)
    {
        var (targetParent, targetName) = FileName.SplitLast(target);
        var (parentPath, name) = FileName.SplitLast(path);
        Remember(parentPath);
        using var source = At(targetParent).Open();
        using var directory = At(parentPath).Open();
        Replace(directory, parentPath, name);
        fixed (byte* from = FileName.Terminated(targetName), to = FileName.Terminated(name))
        {
            if (Libc.LinkAt(source.Descriptor(), from, directory.Descriptor(), to, 0) < 0)
                throw LinuxError.Last("create the hard link", Printable.Escape(path));
        }
    }

    /// <summary>Gives a directory of this layer what another layer's directory has.</summary>
    public void CopyDirectoryAttributes(LayerPart from, LayerPart to)
    {
        if (!from.Directory.TryStat(out var data))
            return;
        using var source = from.Directory.Open();
        using var target = to.Directory.Open();
        NodeCopy.CopyDirectoryAttributes(source.Descriptor(), data, target.Descriptor(), Renaming(from));
    }

    /// <summary>Gives back the times of the directories that were passed through.</summary>
    public void RestoreTimes()
    {
        foreach (var (path, data) in _times)
        {
            using var handle = At(path).TryOpen();
            if (handle is not null)
                NodeCopy.SetTimes(handle.Descriptor(), data);
        }
        _times.Clear();
    }

    private void MoveEntry(SafeFileHandle source, SafeFileHandle target, byte[] name, byte[] from, byte[] to, Predicate<byte[]> isImplied)
    {
        var terminated = FileName.Terminated(name);
        var (toParent, _) = FileName.SplitLast(to);
        var place = At(toParent);
        if (place.TryStat(name, out var existing) && At(FileName.SplitLast(from).Parent).TryStat(name, out var moving))
        {
            if (existing.IsDirectory && moving.IsDirectory)
            {
                var explicitly = !isImplied(from);
                MoveEntries(from, to, isImplied);
                if (explicitly)
                    GiveAttributes(to, moving);
                return;
            }
            var hides = format.IsWhiteout(place, name, existing);
            Replace(target, toParent, name);

            // The layer deleted the name before it made the directory: nothing of the layers below may come back.
            if (hides && moving.IsDirectory)
                MarkOpaque(At(from));
        }
        EntryMove.Move(source.Descriptor(), terminated, target.Descriptor(), terminated);
    }

    private void GiveAttributes(byte[] path, in StatxData data)
    {
        using var handle = At(path).Open();
        if (Libc.Fchown(handle.Descriptor(), data.Uid, data.Gid) < 0 && Libc.Geteuid() == 0)
            throw LinuxError.Last("set the owner of", Printable.Escape(path));
        if (Libc.Fchmod(handle.Descriptor(), data.Mode & 0xFFFu) < 0)
            throw LinuxError.Last("set the mode of", Printable.Escape(path));
        _times[path] = data;
    }

    private void MakeDirectory(byte[] parentPath, byte[] name, LayerPart? like)
    {
        using var parent = At(parentPath).Open();
        var terminated = FileName.Terminated(name);
        var hidden = At(parentPath).TryStat(name, out _);
        if (hidden)
            Replace(parent, parentPath, name); // A whiteout, or a file that the caller means to replace.
        fixed (byte* path = terminated)
        {
            if (Libc.MkdirAt(parent.Descriptor(), path, 0x1ED) < 0)
                throw LinuxError.Last("create the directory", Printable.Escape(FileName.Join(parentPath, name)));
            if (Libc.FchmodAt(parent.Descriptor(), path, 0x1ED, 0) < 0)
                throw LinuxError.Last("set the mode of", Printable.Escape(FileName.Join(parentPath, name)));
        }
        var made = At(parentPath).Child(name);
        if (hidden)
            MarkOpaque(made);
        if (like is { } source)
            CopyDirectoryAttributes(source, new LayerPart(made, format, 0));
    }

    private void Replace(SafeFileHandle directory, byte[] path, byte[] name)
    {
        displaced?.Keep(At(path), name, path);
        TreeRemover.Remove(directory.Descriptor(), FileName.Terminated(name));
    }

    private void Remember(byte[] path)
    {
        if (!_times.ContainsKey(path) && At(path).TryStat(out var data))
            _times.Add(path, data);
    }

    private void MarkOpaque(TreeDirectory directory)
    {
        format.MarkOpaque(directory.ProcPath());
        WroteNotes = true;
    }

    private Func<byte[], byte[]?> Renaming(LayerPart from) => from.Format is OverlayFormat ? format.BetweenLayers : Escape;

    private byte[] Escape(byte[] name)
    {
        var escaped = format.Escape(name);
        WroteNotes |= escaped != name;
        return escaped;
    }

    private TreeDirectory At(ReadOnlySpan<byte> path)
    {
        var directory = Own;
        while (!path.IsEmpty)
            directory = directory.Child(LayerStack.SplitFirst(ref path));
        return directory;
    }
}
