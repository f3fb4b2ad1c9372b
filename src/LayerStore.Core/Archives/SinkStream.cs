namespace LayerStore.Archives;

/// <summary>An <see cref="ArchiveSink"/> as a stream; the sink stays the caller's.</summary>
internal sealed class SinkStream(ArchiveSink sink) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => sink.Write(buffer);
}
