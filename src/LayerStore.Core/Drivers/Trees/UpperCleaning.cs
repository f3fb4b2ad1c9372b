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
    /// <summary>Does it.</summary>
    /// <param name="changes">What the layer changes.</param>
    /// <returns>True where anything but notes was taken out.</returns>
    public bool Run(IReadOnlyList<LayerChange> changes)
    {
        var listed = changes.Select(change => change.RawPath).ToHashSet(NameComparer.Instance);
        var cleaned = false;
        var pending = new Stack<(TreeDirectory Directory, byte[] Path)>();
        pending.Push((stack.Root.Parts[0].Directory, []));
        RemoveNotes(stack.Root.Parts[0].Directory.ProcPath());
        while (pending.TryPop(out var at))
        {
            at.Directory.TryStat(out var times);
            using var handle = at.Directory.Open();
            var superfluous = new List<byte[]>();
            foreach (var name in DirectoryReader.NamesOf(handle))
            {
                if (!at.Directory.TryStat(name, out var data))
                    continue;
                var path = FileName.Join(at.Path, name);
                if (data.Type == Libc.S_IFSOCK || !listed.Contains(path))
                {
                    superfluous.Add(name);
                    continue;
                }
                RemoveNotes(at.Directory.ProcPath(name));
                if (data.IsDirectory)
                    pending.Push((at.Directory.Child(name), path));
            }
            foreach (var name in superfluous)
                TreeRemover.Remove(handle.Descriptor(), FileName.Terminated(name));
            if (superfluous.Count > 0)
                NodeCopy.SetTimes(handle.Descriptor(), times);
            cleaned |= superfluous.Count > 0;
        }
        return cleaned;
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
