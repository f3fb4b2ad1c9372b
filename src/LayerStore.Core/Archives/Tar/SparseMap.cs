namespace LayerStore.Archives.Tar;

/// <summary>Where a sparse file has data: segments in ascending order, holes between them. Reused from entry to entry.</summary>
internal sealed class SparseMap
{
    private (long Offset, long Length)[] _segments = [];

    public int Count { get; private set; }

    public (long Offset, long Length) this[int index] => _segments[index];

    public void Clear() => Count = 0;

    /// <summary>Adds a segment; the caller has looked at the limit.</summary>
    public void Add(long offset, long length)
    {
        if (Count == _segments.Length)
            Array.Resize(ref _segments, Math.Max(16, Count * 2));
        _segments[Count++] = (offset, length);
    }

    /// <summary>True where segments ascend without overlap, stay below <paramref name="size"/>, and sum up to <paramref name="stored"/>.</summary>
    public bool IsValid(long size, long stored)
    {
        long end = 0, sum = 0;
        for (var index = 0; index < Count; index++)
        {
            var (offset, length) = _segments[index];
            if (offset < end || length < 0 || offset > size || length > size - offset)
                return false;
            end = offset + length;
            sum += length;
        }
        return sum == stored;
    }
}
