namespace LayerStore.Images.Formats;

/// <summary>A layer as an archive holds it.</summary>
/// <param name="DiffId">The digest that its uncompressed archive must have.</param>
/// <param name="Name">The file of the archive.</param>
/// <param name="Digest">The digest that the file must have; null where nothing says.</param>
/// <param name="Size">The length that the file must have, in bytes; null where nothing says.</param>
internal sealed record ArchivedLayer(Digest DiffId, string Name, Digest? Digest, long? Size);
