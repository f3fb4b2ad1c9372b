using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Compares what two stacks of layers show, by Docker's rules: kind, mode, owner and device number, of what is no directory also length, modification time and, of links, the target.
/// </summary>
internal static class MergedComparison
{
    /// <summary>Every change from <paramref name="before"/> to <paramref name="after"/>, sorted by path. Below what was added each path is named, below what was deleted none.</summary>
    public static IReadOnlyList<LayerChange> Of(LayerStack before, LayerStack after, CancellationToken cancellation)
    {
        var changes = new ChangeList();
        var pending = new Stack<(MergedDirectory? Before, MergedDirectory After, byte[] Path)>();
        pending.Push((before.Root, after.Root, []));
        while (pending.TryPop(out var at))
        {
            cancellation.ThrowIfCancellationRequested();
            var gone = at.Before is null ? [] : new HashSet<byte[]>(at.Before.Names(), NameComparer.Instance);
            foreach (var name in at.After.Names())
            {
                if (at.After.Find(name) is not { } node)
                    continue;
                var path = FileName.Join(at.Path, name);
                var old = gone.Remove(name) ? at.Before!.Find(name) : null;
                if (old is null)
                    changes.Add(ChangeKind.Added, path);
                else if (Differs(old, node))
                    changes.Add(ChangeKind.Modified, path);
                if (node.Directory is { } directory)
                    pending.Push((old?.Directory, directory, path));
            }
            foreach (var name in gone)
                changes.Add(ChangeKind.Deleted, FileName.Join(at.Path, name));
        }
        return changes.ToSorted();
    }

    private static bool Differs(MergedNode before, MergedNode after) =>
        DockerRules.Differ(after.Data, before.Data)
            || (after.Data.IsSymlink && !LayerStack.LinkTarget(before).AsSpan().SequenceEqual(LayerStack.LinkTarget(after)));
}
