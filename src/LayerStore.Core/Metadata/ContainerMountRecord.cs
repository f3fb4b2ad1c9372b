namespace LayerStore.Metadata;

/// <summary>What a container has at a path of its own, as the database knows it.</summary>
/// <param name="Path">The path in the container, absolute and clean.</param>
/// <param name="Volume">The volume's name, which may be nobody's any more; null for a directory of the machine, and for a volume that is still to be made without a name.</param>
/// <param name="Source">The directory of the machine, absolute; null for a volume.</param>
/// <param name="ReadOnly">True where every write shall fail.</param>
/// <param name="Copies">True where an empty volume gets what the image has at the path.</param>
/// <param name="Anonymous">True for a volume that nobody named.</param>
internal sealed record ContainerMountRecord(string Path, string? Volume, string? Source, bool ReadOnly, bool Copies, bool Anonymous);
