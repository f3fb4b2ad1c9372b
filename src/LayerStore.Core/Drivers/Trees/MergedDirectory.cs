using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>A directory as overlayfs would show it: the same path in several layers, uppermost first. Nothing is cached: lookups see the disk.</summary>
/// <param name="parts">The layers' shares.</param>
internal sealed class MergedDirectory(IReadOnlyList<LayerPart> parts)
{
    /// <summary>The layers' shares, uppermost first.</summary>
    public IReadOnlyList<LayerPart> Parts { get; } = parts;

    /// <summary>The same directory without what the layer on top has.</summary>
    public MergedDirectory Below(int layer) => new([.. Parts.Where(part => part.Layer > layer)]);

    /// <summary>What shows at that name; null where nothing does.</summary>
    public MergedNode? Find(ReadOnlySpan<byte> name)
    {
        MergedNode? top = null;
        List<LayerPart>? below = null;
        foreach (var part in Parts)
        {
            if (!part.Directory.TryStat(name, out var data))
            {
                if (part.Format?.Hides(part.Directory, name) == true)
                    break;
                continue;
            }
            if (part.Format?.IsWhiteout(part.Directory, name, data) == true)
                break;
            if (!data.IsDirectory)
            {
                // Below a directory, something else ends what is merged.
                top ??= new MergedNode(data, part, name.ToArray(), null);
                break;
            }
            var child = new LayerPart(part.Directory.Child(name), part.Format, part.Layer);
            below ??= [];
            below.Add(child);
            top ??= new MergedNode(data, part, name.ToArray(), new MergedDirectory(below));
            if (part.Format?.IsOpaque(child.Directory) == true)
                break;
        }
        return top;
    }

    /// <summary>Every name that shows.</summary>
    public IReadOnlyList<byte[]> Names()
    {
        var names = new HashSet<byte[]>(NameComparer.Instance);
        var shown = new List<byte[]>();
        foreach (var part in Parts)
        {
            using var handle = part.Directory.TryOpen();
            if (handle is null)
                continue;
            var directory = new TreeDirectory(handle);
            using var reader = new DirectoryReader(handle.Descriptor());
            while (reader.Next())
            {
                var name = reader.Name.ToArray();
                if (part.Format?.HiddenBy(name) is { } hidden)
                {
                    names.Add(hidden);
                    continue;
                }
                if (!names.Add(name))
                    continue; // Shown or hidden by a higher layer.
                if (part.Format is null || !directory.TryStat(name, out var data) || !part.Format.IsWhiteout(directory, name, data))
                    shown.Add(name);
            }
        }
        return shown;
    }
}
