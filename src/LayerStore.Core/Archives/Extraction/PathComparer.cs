namespace LayerStore.Archives.Extraction;

/// <summary>Orders paths by their bytes, parents before what is below them.</summary>
internal sealed class PathComparer : IComparer<byte[]>
{
    public static PathComparer Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
