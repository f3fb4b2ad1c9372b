namespace LayerStore.Bench.Images;

/// <summary>A stream of one repeated block, as long as asked.</summary>
internal sealed class RepeatedText(long length) : Stream
{
    private static readonly byte[] Block = MakeBlock();

    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => _position = value; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var from = (int)(_position % Block.Length);
        var count = (int)Math.Min(Math.Min(buffer.Length, Block.Length - from), length - _position);
        Block.AsSpan(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private static byte[] MakeBlock()
    {
        var block = new byte[1 << 16];
        new Random(7).NextBytes(block);
        return block;
    }
}
