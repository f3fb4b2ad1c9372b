namespace LayerStore.Drivers;

/// <summary>One difference between a layer and its parent.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">Absolute inside the container: <c>/etc/passwd</c>. Bytes that are not UTF-8 are replaced; see <paramref name="RawPath"/>.</param>
/// <param name="RawPath">The same path as bytes, without the leading slash.</param>
public sealed record LayerChange(ChangeKind Kind, string Path, byte[] RawPath);
