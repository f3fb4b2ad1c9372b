namespace LayerStore.Images;

/// <summary>Something that a removal took away, as a line of <c>docker rmi</c>.</summary>
/// <param name="Kind"><c>Untagged</c> or <c>Deleted</c>.</param>
/// <param name="Type"><c>Reference</c>, <c>Image</c> or <c>Layer</c>.</param>
/// <param name="Id">The name, the image's id, or the layer's id.</param>
/// <param name="Bytes">Bytes that became free by Docker's count; 0 for names.</param>
public sealed record RemovedItem(string Kind, string Type, string Id, long Bytes);
