namespace LayerStore.Images;

/// <summary>How far an import is with one layer. Sent from worker threads.</summary>
/// <param name="Image">The image's first name, or its id.</param>
/// <param name="Layer">The layer's DiffID.</param>
/// <param name="LayerIndex">Which layer of the image, from 0.</param>
/// <param name="LayerCount">How many layers the image has.</param>
/// <param name="State">What is happening to the layer.</param>
/// <param name="Bytes">Bytes of the layer's blob that were read.</param>
/// <param name="TotalBytes">Bytes of the blob.</param>
public sealed record ImportProgress(
    string Image, Digest Layer, int LayerIndex, int LayerCount, ImportState State, long Bytes, long TotalBytes);
