using LayerStore.Metadata;

namespace LayerStore.Maintenance;

/// <summary>What needs what in a store, in one moment of its database.</summary>
internal sealed class StoreContents
{
    private readonly Dictionary<LayerId, LayerRecord> _layers;

    private StoreContents(IReadOnlyList<ImageRecord> images, IReadOnlyList<ContainerRecord> containers, IReadOnlyList<LayerRecord> layers)
    {
        (Images, Containers) = (images, containers);
        _layers = layers.ToDictionary(layer => layer.Id);
        ContainersOf = containers.Where(container => container.ImageId is not null).CountBy(container => container.ImageId!).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Every image.</summary>
    public IReadOnlyList<ImageRecord> Images { get; }

    /// <summary>Every container.</summary>
    public IReadOnlyList<ContainerRecord> Containers { get; }

    /// <summary>How many containers each image has; an image without any is not in it.</summary>
    public IReadOnlyDictionary<string, int> ContainersOf { get; }

    /// <summary>The layers that stay without an image.</summary>
    public IEnumerable<LayerRecord> Kept => _layers.Values.Where(layer => layer.IsKept);

    public static StoreContents Of(StoreMetadata metadata) => metadata.Database.Read(transaction => Of(metadata, transaction));

    public static StoreContents Of(StoreMetadata metadata, MetadataTransaction transaction) =>
        new(metadata.Images.List(transaction), metadata.Containers.List(transaction), metadata.Layers.ListImageLayers(transaction));

    /// <summary>The layers of an image, uppermost first.</summary>
    public IEnumerable<LayerRecord> ChainOf(ImageRecord image) => ChainOf(image.TopLayer);

    /// <summary>A layer and all below it.</summary>
    public IEnumerable<LayerRecord> ChainOf(LayerId? top)
    {
        for (var next = top; next is { } id && _layers.TryGetValue(id, out var layer); next = layer.Parent)
            yield return layer;
    }

    /// <summary>The layers that any of these images needs, each once.</summary>
    public HashSet<LayerRecord> LayersOf(IEnumerable<ImageRecord> images) => [.. images.SelectMany(ChainOf)];
}
