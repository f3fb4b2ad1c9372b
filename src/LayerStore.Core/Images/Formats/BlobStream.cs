using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>A part of an open file, read by position, so that many of them share one handle.</summary>
internal sealed class BlobStream(SafeFileHandle file, long offset, long length, string name, bool ownsFile) : Stream
{
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        if (count == 0)
            return 0;
        int read;
        try
        {
            read = RandomAccess.Read(file, buffer[..count], offset + _position);
        }
        catch (IOException error)
        {
            throw new StoreException(
                ErrorIds.InputOutputError, StoreErrorKind.InputOutput, name, $"Could not read '{Printable.Escape(name)}': {error.Message}",
                "Check the disk that the archive is on.", error);
        }
        if (read == 0)
            throw ArchiveFaults.Truncated(name, $"it should have {length} bytes and ends after {_position}");
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsFile)
            file.Dispose();
        base.Dispose(disposing);
    }
}
