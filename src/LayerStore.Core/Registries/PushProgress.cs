namespace LayerStore.Registries;

/// <summary>How far a push is with one layer. Sent from worker threads.</summary>
/// <param name="Layer">The layer's DiffID.</param>
/// <param name="LayerIndex">Which layer of the image, from 0.</param>
/// <param name="LayerCount">How many layers the image has.</param>
/// <param name="State">What is happening to the layer.</param>
/// <param name="Bytes">Bytes of the layer's uncompressed archive that were made.</param>
/// <param name="TotalBytes">Bytes of it.</param>
public sealed record PushProgress(Digest Layer, int LayerIndex, int LayerCount, PushState State, long Bytes, long TotalBytes);
