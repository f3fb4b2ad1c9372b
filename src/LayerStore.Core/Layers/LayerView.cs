using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>The layers as users see them, put together from one moment of the database.</summary>
internal sealed class LayerView
{
    private readonly Dictionary<LayerId, ContainerLayer> _byId = [];

    private LayerView(IReadOnlyList<ContainerLayer> all)
    {
        All = all;
        foreach (var layer in all)
            _byId.Add(LayerId.Parse(layer.Id), layer);
    }

    /// <summary>Every committed layer of images, parents before children.</summary>
    public IReadOnlyList<ContainerLayer> All { get; }

    public static LayerView Of(StoreMetadata metadata, string root) => metadata.Database.Read(transaction => Of(metadata, root, transaction));

    public static LayerView Of(StoreMetadata metadata, string root, MetadataTransaction transaction)
    {
        var layers = metadata.Layers.ListImageLayers(transaction);
        var containers = metadata.Layers.CountContainersByParent(transaction);
        var children = layers.Where(layer => layer.Parent is not null).CountBy(layer => layer.Parent!.Value).ToDictionary();
        var names = metadata.Images.Names(transaction).ToLookup(name => name.Value, name => name.Key);
        var tops = new Dictionary<LayerId, int>();
        var users = layers.ToDictionary(layer => layer.Id, _ => new List<string>());
        var byId = layers.ToDictionary(layer => layer.Id);
        foreach (var (id, top) in metadata.Images.TopLayers(transaction))
        {
            tops[top] = tops.GetValueOrDefault(top) + 1;
            IReadOnlyList<string> shown = names.Contains(id) ? [.. names[id].Select(FamiliarName)] : [id];
            for (LayerId? next = top; next is { } layer && byId.TryGetValue(layer, out var record); next = record.Parent)
                users[layer].AddRange(shown);
        }
        return new LayerView([.. layers.Select(layer => new ContainerLayer
        {
            Id = layer.Id.Value,
            ParentId = layer.Parent?.Value,
            DiffId = layer.DiffId.ToString(),
            ChainId = layer.ChainId.ToString(),
            Size = layer.Usage.Bytes,
            Inodes = layer.Usage.Inodes,
            UncompressedSize = layer.ArchiveBytes,
            RefCount = tops.GetValueOrDefault(layer.Id) + children.GetValueOrDefault(layer.Id) + containers.GetValueOrDefault(layer.Id),
            Images = [.. users[layer.Id].Order(StringComparer.Ordinal)],
            Kept = layer.IsKept,
            Created = layer.Created,
            Depth = layer.Depth,
            Root = root,
        })]);
    }

    /// <summary>What an id, the beginning of an id, a DiffID or a chain id means.</summary>
    public IReadOnlyList<ContainerLayer> Find(string id)
    {
        if (LayerId.TryParse(id, out var exact) && _byId.TryGetValue(exact, out var layer))
            return [layer];
        return [.. All.Where(candidate => candidate.Id.StartsWith(id, StringComparison.Ordinal) || candidate.ChainId == id || candidate.DiffId == id)];
    }

    /// <summary>Every layer that stands on this one, directly or not.</summary>
    public IEnumerable<ContainerLayer> Above(ContainerLayer layer)
    {
        var below = new HashSet<string>(StringComparer.Ordinal) { layer.Id };
        // Parents stand before children.
        return All.Where(other => other.ParentId is { } parent && below.Contains(parent) && below.Add(other.Id));
    }

    /// <summary>From the lowest layer up to this one.</summary>
    public IReadOnlyList<ContainerLayer> ChainTo(LayerId top)
    {
        var chain = new List<ContainerLayer>();
        for (LayerId? next = top; next is { } id && _byId.TryGetValue(id, out var layer); next = layer.ParentId is { } parent ? LayerId.Parse(parent) : null)
            chain.Add(layer);
        chain.Reverse();
        return chain;
    }

    // Docker's own registry and its library go without saying.
    private static string FamiliarName(string canonical) =>
        canonical.StartsWith("docker.io/library/", StringComparison.Ordinal) ? canonical["docker.io/library/".Length..]
        : canonical.StartsWith("docker.io/", StringComparison.Ordinal) ? canonical["docker.io/".Length..]
        : canonical;
}
