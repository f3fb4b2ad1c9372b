namespace LayerStore.Images.Formats;

/// <summary>Where a file's content stands in the outer archive.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">The first byte of its content.</param>
/// <param name="Length">The bytes of its content.</param>
/// <param name="Target">Where a link leads, as it is written.</param>
internal readonly record struct TarIndexEntry(TarIndexKind Kind, long Offset, long Length, string Target);
