using LayerStore.Images.Formats;

namespace LayerStore.Images;

/// <summary>Where an import reads layers from: an archive, or a registry. Safe for several threads.</summary>
internal interface ILayerSource
{
    /// <summary>The length of a layer's blob in bytes, found without reading the blob.</summary>
    /// <exception cref="StoreException">The blob is missing, or has another length than its descriptor says, and that can be seen already.</exception>
    long Measure(ArchivedLayer layer);

    /// <summary>Opens a layer's blob from its beginning. What it holds is not verified.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="cancellation">Ends waiting for bytes, also while the stream is read.</param>
    /// <exception cref="StoreException">It is missing or cannot be reached.</exception>
    Stream OpenLayer(ArchivedLayer layer, CancellationToken cancellation);
}
