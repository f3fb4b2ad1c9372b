namespace LayerStore.Archives;

/// <summary>A view of a stream that counts what is read and says so now and then. Does not dispose the stream.</summary>
internal sealed class CountingStream(Stream inner, Action<long>? progress) : ReadOnlyStream
{
    private const long ReportEvery = 1 << 20;

    private long _reported;

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count += read;
        if (progress is not null && Count - _reported >= ReportEvery)
            ReportEnd();
        return read;
    }

    /// <summary>Says the count, whether or not it is time.</summary>
    public void ReportEnd()
    {
        if (Count == _reported)
            return;
        _reported = Count;
        progress?.Invoke(Count);
    }
}
