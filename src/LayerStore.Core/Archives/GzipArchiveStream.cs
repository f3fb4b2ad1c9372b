using System.IO.Compression;
using System.Security.Cryptography;
using LayerStore.Archives.Tar;

namespace LayerStore.Archives;

/// <summary>
/// Decompresses gzip (RFC 1952), any number of members in a row, and knows whether it saw the whole of it. What follows the last
/// member and is no member is refused, as Docker refuses it; zero padding too.
/// </summary>
/// <remarks>
/// <see cref="GZipStream"/> ends silently where its input ends, in the middle of a member as well. So when the input has ended it is given one more member, which only this process
/// knows. It asks for input only when all output is out: whatever it gives from then on must be that member's content, and is exactly that where the last real member was complete.
/// </remarks>
internal sealed class GzipArchiveStream : ReadOnlyStream
{
    private static readonly byte[] ClosingContent = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] ClosingMember = Compress(ClosingContent);

    private readonly ClosedSource _source;
    private readonly GZipStream _gzip;
    private bool _ended;

    public GzipArchiveStream(Stream source)
    {
        _source = new ClosedSource(source);
        _gzip = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
            return 0;
        try
        {
            var read = _gzip.Read(buffer);
            if (!_source.ClosingWasRead && read > 0)
                return read;
            if (!_source.ClosingWasRead)
                throw ArchiveErrors.Corrupt("its gzip data is followed by bytes that are no gzip data");
            if (!EndsWithClosingContent(buffer[..read]))
                throw Truncated();
        }
        catch (InvalidDataException error)
        {
            throw _source.ClosingWasRead ? Truncated() : ArchiveErrors.Corrupt("its gzip data cannot be decompressed", error);
        }
        _ended = true;
        return 0;
    }

    private static StoreException Truncated() => ArchiveErrors.Truncated("its gzip data stops in the middle");

    private bool EndsWithClosingContent(ReadOnlySpan<byte> first)
    {
        Span<byte> content = stackalloc byte[ClosingContent.Length + 1];
        if (first.Length > ClosingContent.Length)
            return false;
        first.CopyTo(content);
        var length = first.Length + _gzip.ReadAtLeast(content[first.Length..], content.Length - first.Length, throwOnEndOfStream: false);
        return content[..length].SequenceEqual(ClosingContent);
    }

    private static byte[] Compress(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return result.ToArray();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The source, and after its end the closing member.</summary>
    private sealed class ClosedSource(Stream source) : ReadOnlyStream
    {
        private int _position;
        private bool _sourceEnded;

        public bool ClosingWasRead => _sourceEnded;

        public override int Read(Span<byte> buffer)
        {
            if (!_sourceEnded)
            {
                var read = source.Read(buffer);
                if (read > 0 || buffer.IsEmpty)
                    return read;
                _sourceEnded = true;
            }
            var count = Math.Min(buffer.Length, ClosingMember.Length - _position);
            ClosingMember.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }
}
