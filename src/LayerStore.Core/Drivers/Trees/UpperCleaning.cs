using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Takes out of a directory that overlayfs wrote what an archive of its changes would not have: sockets, whiteouts that hide nothing, directories that hold nothing else, and overlayfs's notes. Nothing
/// that shows changes.
/// </summary>
/// <param name="stack">The layers; the first one is cleaned.</param>
/// <param name="format">Its format.</param>
internal sealed class UpperCleaning(LayerStack stack, OverlayFormat format)
{
    private HashSet<byte[]> _listed = [];
    private volatile bool _cleaned;

    /// <summary>Does it.</summary>
    /// <param name="changes">What the layer changes.</param>
    /// <returns>True where anything but notes was taken out.</returns>
    public bool Run(IReadOnlyList<LayerChange> changes)
    {
        _listed = changes.Select(change => change.RawPath).ToHashSet(NameComparer.Instance);
        var root = stack.Root.Parts[0].Directory;
        RemoveNotes(root.ProcPath());
        WorkPile<(TreeDirectory Directory, byte[] Path)>.Run((root, []), (at, pile) => Clean(at.Directory, at.Path, pile), CancellationToken.None);
        return _cleaned;
    }

    private void Clean(TreeDirectory directory, byte[] path, WorkPile<(TreeDirectory, byte[])> pile)
    {
        directory.TryStat(out var times);
        using var handle = directory.Open();
        var superfluous = new List<byte[]>();
        foreach (var name in DirectoryReader.NamesOf(handle))
        {
            if (!directory.TryStat(name, out var data))
                continue;
            var child = FileName.Join(path, name);
            if (data.Type == Libc.S_IFSOCK || !_listed.Contains(child))
            {
                superfluous.Add(name);
                continue;
            }
            RemoveNotes(directory.ProcPath(name));
            if (data.IsDirectory)
                pile.Push((directory.Child(name), child));
        }
        foreach (var name in superfluous)
            TreeRemover.Remove(handle.Descriptor(), FileName.Terminated(name));
        if (superfluous.Count == 0)
            return;
        NodeCopy.SetTimes(handle.Descriptor(), times);
        _cleaned = true;
    }

    private void RemoveNotes(byte[] path)
    {
        foreach (var name in ExtendedAttributes.List(path))
        {
            if (format.WithoutNotes(name) is null)
                ExtendedAttributes.Remove(path, FileName.Terminated(name));
        }
    }
}
