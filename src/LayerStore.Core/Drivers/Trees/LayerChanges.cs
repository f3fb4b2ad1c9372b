using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>What a layer changes, read off its own directory: only what it touched is walked, never the whole container.</summary>
internal static class LayerChanges
{
    /// <summary>The changes of the layer on top of <paramref name="stack"/>, sorted by path.</summary>
    public static IReadOnlyList<LayerChange> Of(LayerStack stack, LayerFormat format, CancellationToken cancellation)
    {
        var changes = new ChangeList();
        var pending = new Stack<(TreeDirectory Upper, MergedDirectory? Lower, byte[] Path)>();
        var lower = stack.Root.Below(0);
        pending.Push((stack.Root.Parts[0].Directory, lower.Parts.Count > 0 ? lower : null, []));
        while (pending.TryPop(out var at))
        {
            cancellation.ThrowIfCancellationRequested();
            using var handle = at.Upper.TryOpen();
            if (handle is null)
                continue;

            // By the handle alone, as a container may be changing the names on the way.
            var upper = new TreeDirectory(handle);

            // What was deleted with the directory's old self has no whiteouts of its own.
            var unseen = at.Lower is not null && format.IsOpaque(upper) ? new HashSet<byte[]>(at.Lower.Names(), NameComparer.Instance) : null;
            using var reader = new DirectoryReader(handle.Descriptor());
            while (reader.Next())
            {
                var name = reader.Name.ToArray();
                if (format.HiddenBy(name) is { } hidden)
                {
                    // An opaque directory's names are told below.
                    if (unseen is null && at.Lower?.Find(hidden) is not null)
                        changes.Add(ChangeKind.Deleted, FileName.Join(at.Path, hidden));
                    continue;
                }
                unseen?.Remove(name);
                if (!upper.TryStat(name, out var data))
                    continue;
                var path = FileName.Join(at.Path, name);
                var below = at.Lower?.Find(name);
                if (format.IsWhiteout(upper, name, data))
                {
                    if (below is not null)
                        changes.Add(ChangeKind.Deleted, path);
                    continue;
                }
                if (below is null)
                    changes.Add(ChangeKind.Added, path);
                else if (!data.IsDirectory || below.Directory is null || AttributesDiffer(data, below.Data))
                    changes.Add(ChangeKind.Modified, path);
                if (data.IsDirectory)
                    pending.Push((at.Upper.Child(name), below?.Directory, path));
            }
            foreach (var name in unseen ?? [])
                changes.Add(ChangeKind.Deleted, FileName.Join(at.Path, name));
        }
        return changes.ToSorted();
    }

    // A directory is in the upper directory as soon as anything below it is: that alone is no change, and neither is its time.
    private static bool AttributesDiffer(in StatxData upper, in StatxData lower) =>
        upper.Mode != lower.Mode || upper.Uid != lower.Uid || upper.Gid != lower.Gid;
}
