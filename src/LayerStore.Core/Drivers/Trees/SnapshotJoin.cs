using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Joins a layer that was extracted into a directory inside its own tree, which is a snapshot of its parent's (or empty): the tree that overlayfs would show is what
/// is left. Nothing is copied; what comes is moved, what the layer deletes is deleted.
/// </summary>
internal static class SnapshotJoin
{
    /// <summary>Makes the directory that the layer is extracted into. The tree's root keeps its time: a layer that does not describe the root has it of its parent.</summary>
    /// <param name="tree">The layer's root directory.</param>
    /// <param name="id">The layer.</param>
    /// <returns>The directory's path.</returns>
    public static string CreateStaging(string tree, LayerId id)
    {
        using var root = DirectoryHandle.Open(tree);
        new TreeDirectory(root).TryStat(out var data);
        var staging = StagingIn(tree, id);
        DirectoryHandle.TryCreate(staging, 0x1ED);
        NodeCopy.SetTimes(root.Descriptor(), data);
        return staging;
    }

    /// <summary>Where that directory stands in a tree. No archive can name it: the id is drawn when the layer is made.</summary>
    public static string StagingIn(string tree, LayerId id) => Path.Combine(tree, NameOf(id));

    /// <summary>Does it.</summary>
    /// <param name="tree">The layer's root directory, a snapshot of the parent's.</param>
    /// <param name="id">The layer; the directory that it was extracted into is gone afterwards.</param>
    /// <param name="format">How deletions stand in what was extracted.</param>
    /// <param name="hasParent">False where the chain begins here: the layer is the lowest, or its root is opaque.</param>
    /// <param name="extracted">What the extractor left open.</param>
    public static void Run(string tree, LayerId id, OverlayFormat format, bool hasParent, ExtractedLayer extracted)
    {
        var staging = StagingIn(tree, id);
        using var root = DirectoryHandle.Open(tree);
        if (!hasParent)
            RemoveAllBut(root, NameOf(id));
        IEnumerable<(string, LayerFormat?)> parents = hasParent ? [(tree, null)] : [];
        var filesOnly = LayerCompletion.Run(staging, format, parents, extracted);
        using (var staged = DirectoryHandle.Open(staging))
            new DiffMerger(format, filesOnly).Merge(staged, root);
        new TreeDirectory(root).TryStat(out var data);
        TreeRemover.Remove(staging);
        NodeCopy.SetTimes(root.Descriptor(), data);
    }

    private static string NameOf(LayerId id) => ".layerstore-" + id.Value;

    /// <summary>An opaque root hides what the snapshot brought.</summary>
    private static void RemoveAllBut(Microsoft.Win32.SafeHandles.SafeFileHandle root, string keep)
    {
        var kept = System.Text.Encoding.UTF8.GetBytes(keep);
        foreach (var name in DirectoryReader.NamesOf(root))
            if (!name.AsSpan().SequenceEqual(kept))
                TreeRemover.Remove(root.Descriptor(), FileName.Terminated(name));
    }
}
