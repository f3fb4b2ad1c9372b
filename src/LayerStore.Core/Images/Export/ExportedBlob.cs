namespace LayerStore.Images.Export;

/// <summary>A layer's blob as it was written.</summary>
/// <param name="Digest">SHA-256 of its bytes.</param>
/// <param name="Size">How many.</param>
internal readonly record struct ExportedBlob(Digest Digest, long Size);
