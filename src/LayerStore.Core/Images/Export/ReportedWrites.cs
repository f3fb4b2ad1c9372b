using LayerStore.Archives;

namespace LayerStore.Images.Export;

/// <summary>A view of a stream that says ten times a second how many bytes were written. Does not dispose the stream.</summary>
internal sealed class ReportedWrites(Stream inner, IProgress<long> progress) : WriteOnlyStream
{
    private readonly ReportInterval _interval = new();
    private long _count;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        _count += buffer.Length;
        if (_interval.HasPassed())
            progress.Report(_count);
    }
}
