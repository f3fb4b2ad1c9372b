namespace LayerStore.Archives.TarSplit;

/// <summary>Keeps the tar-split of an archive while it is made of files that stay where they are: as <see cref="TarSplitRecorder"/> does while one is extracted.</summary>
/// <param name="writer">Where it goes.</param>
internal sealed class TarSplitBuilder(TarSplitWriter writer)
{
    private byte[]? _name;
    private long _size;
    private Crc64 _sum;

    /// <summary>Takes what is no content.</summary>
    public void Frame(ReadOnlySpan<byte> bytes)
    {
        End();
        writer.AddSegment(bytes);
    }

    /// <summary>The next content is this entry's.</summary>
    public void Begin(byte[] name, long size)
    {
        if (size == 0)
        {
            writer.AddEmpty(name);
            return;
        }
        (_name, _size, _sum) = (name, size, default);
    }

    /// <summary>Takes a piece of content.</summary>
    public void Content(ReadOnlySpan<byte> bytes) => _sum.Append(bytes);

    private void End()
    {
        if (_name is { } name)
            writer.AddFile(name, _size, TarSplitEntry.Whole, default, _sum.Value);
        _name = null;
    }
}
