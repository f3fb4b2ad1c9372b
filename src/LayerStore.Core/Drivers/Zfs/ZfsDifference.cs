using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Zfs;

/// <summary>
/// What changed in a layer since it was made, as <c>zfs diff</c> tells it from the pool's trees: without a look at what did not change. It wants both datasets to be mounted, which they are for
/// it alone, and holds a snapshot of the layer while it works, which ends with it.
/// </summary>
internal static class ZfsDifference
{
    /// <summary>Finds the changed inodes.</summary>
    /// <param name="datasets">The layers' datasets.</param>
    /// <param name="layout">The directories beside them.</param>
    /// <param name="id">The layer.</param>
    /// <param name="parent">What it is a clone of.</param>
    /// <param name="tree">The layer's root directory.</param>
    /// <returns>Null where that cannot be told, and the trees have to be walked.</returns>
    public static ChangedInodes? Find(ZfsDatasets datasets, ZfsLayout layout, LayerId id, LayerId parent, SafeFileHandle tree)
    {
        var (place, output) = PrivateMounts.Run(() =>
        {
            _ = PlaceOf(parent);
            return (PlaceOf(id), datasets.Difference(parent, id));
        });
        return place is null || output is null ? null : Look(tree, Paths(output, place));

        // Of several places zfs(8) takes the first.
        string PlaceOf(LayerId layer)
        {
            var dataset = datasets.Of(layer);
            if (MountTable.PointOf(ZfsDriverFactory.DriverName, dataset) is { } mounted)
                return mounted;
            FileSystemMount.Mount(new MountPlan.FileSystem(ZfsDriverFactory.DriverName, dataset, [], ReadOnly: true), layout.Layer(layer));
            return layout.Layer(layer);
        }
    }

    /// <summary>The paths of what is there now and changed, without the place that the layer was mounted at; the root itself is empty.</summary>
    /// <param name="output">Lines of the kind of change, the path and, of what was renamed, the new path.</param>
    /// <param name="place">Where the layer was mounted.</param>
    internal static IEnumerable<byte[]> Paths(string output, string place)
    {
        var prefix = System.Text.Encoding.UTF8.GetBytes(place);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // What was removed left its mark on its directory.
            if (line.Split('\t') is not [var kind, var path, .. var more] || kind == "-")
                continue;
            var bytes = Unescape(kind == "R" && more.Length > 0 ? more[0] : path);
            if (bytes.AsSpan().StartsWith(prefix))
                yield return bytes.AsSpan()[prefix.Length..].Trim((byte)'/').ToArray();
        }
    }

    private static ChangedInodes? Look(SafeFileHandle tree, IEnumerable<byte[]> paths)
    {
        HashSet<ulong> changed = [], passed = [];
        var ancestors = new HashSet<byte[]>(NameComparer.Instance);
        foreach (var names in paths.Select(path => FileName.SplitLast(path)).GroupBy(path => path.Parent, path => path.Name, NameComparer.Instance))
        {
            using var handle = Open(tree, names.Key);
            if (handle is null)
                continue;
            var directory = new TreeDirectory(handle);
            foreach (var name in names)
            {
                if (!(name.Length == 0 ? directory.TryStat(out var data) : directory.TryStat(name, out data)))
                    continue;
                // The other names of a file may stand in directories that nobody changed.
                if (!data.IsDirectory && data.LinkCount > 1)
                    return null;
                changed.Add(data.Inode);
            }
            for (var path = names.Key; ancestors.Add(path); path = FileName.SplitLast(path).Parent)
            {
                using var ancestor = Open(tree, path);
                if (ancestor is not null && new TreeDirectory(ancestor).TryStat(out var data))
                    passed.Add(data.Inode);
            }
        }
        return new ChangedInodes(changed, passed);
    }

    private static SafeFileHandle? Open(SafeFileHandle tree, byte[] path) => SafeOpen.Directory(tree.Descriptor(), FileName.Terminated(path), Libc.O_PATH);

    // \0ooo: a byte that is no printable ASCII, a space or a backslash.
    private static byte[] Unescape(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 4 < text.Length)
            {
                bytes.Add((byte)(((text[i + 2] - '0') << 6) | ((text[i + 3] - '0') << 3) | (text[i + 4] - '0')));
                i += 4;
            }
            else
                bytes.Add((byte)text[i]);
        }
        return [.. bytes];
    }
}
