namespace LayerStore.Images;

/// <summary>How far an export is with one layer. Sent from worker threads.</summary>
/// <param name="Layer">The layer's DiffID.</param>
/// <param name="LayerIndex">Which layer of the export, from 0.</param>
/// <param name="LayerCount">How many layers the export has.</param>
/// <param name="Bytes">Bytes of the layer's uncompressed archive that were made.</param>
/// <param name="TotalBytes">Bytes of it.</param>
public sealed record ExportProgress(Digest Layer, int LayerIndex, int LayerCount, long Bytes, long TotalBytes);
