using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Images.Formats;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images.Transfer;

/// <summary>The layers of an image that another store has: each as the archive that it came in, verified while it is made.</summary>
/// <param name="driver">The other store's driver.</param>
/// <param name="layers">The image's layers; kept by a lease.</param>
internal sealed class StoredLayers(IStorageDriver driver, IReadOnlyList<LayerRecord> layers) : ILayerSource
{
    private readonly Dictionary<string, LayerRecord> _byId = layers.ToDictionary(layer => layer.Id.Value, StringComparer.Ordinal);

    /// <summary>The layers as an import takes them, lowest first.</summary>
    public IReadOnlyList<ArchivedLayer> All { get; } = [.. layers.Select(layer => new ArchivedLayer(layer.DiffId, layer.Id.Value, layer.DiffId, layer.ArchiveBytes))];

    /// <inheritdoc/>
    public long Measure(ArchivedLayer layer) => _byId[layer.Name].ArchiveBytes;

    /// <inheritdoc/>
    public Stream OpenLayer(ArchivedLayer layer, CancellationToken cancellation) =>
        new WrittenStream((stream, stop) => new LayerArchive(driver).WriteTo(_byId[layer.Name], stream, stop), cancellation);
}
