using System.Globalization;

namespace LayerStore.Archives.Tar;

/// <summary>
/// Reads a tar archive entry by entry: v7, ustar, GNU (long names, sparse), PAX (local and global headers, sparse 0.0, 0.1 and 1.0) and star.
/// Nothing is allocated for an ordinary entry. Names are raw bytes.
/// </summary>
/// <remarks>
/// Strict where two readers might see two archives: a duplicate path in one PAX header, a wrong checksum, a lone zero block, an archive without its
/// end mark are errors. What follows the end mark is not looked at.
/// </remarks>
internal sealed partial class TarReader
{
    private readonly ArchivePump _pump;
    private readonly ExtractionLimits _limits;
    private readonly byte[] _header = new byte[TarHeader.BlockBytes];
    private readonly PaxRecords _pax = new(), _globals = new();
    private readonly ByteBuffer _longName = new(), _longLink = new();
    private bool _hasLongName, _hasLongLink, _hasPax;
    private long _contentLeft, _padding;
    private bool _ended;

    public TarReader(ArchivePump pump, ExtractionLimits limits)
    {
        _pump = pump;
        _limits = limits;
    }

    /// <summary>Takes bytes of the archive in order. An exact export needs all: framing is everything that is not a file's content, headers, padding, what follows the end.</summary>
    public delegate void BytesHandler(ReadOnlySpan<byte> bytes);

    /// <summary>Where framing goes; null where nobody records it.</summary>
    public BytesHandler? Framing { get; init; }

    /// <summary>Where content goes too, also what nobody asked for; null where nobody records it.</summary>
    public BytesHandler? Content { get; init; }

    /// <summary>The entry that <see cref="Read"/> moved to.</summary>
    public TarEntry Entry { get; } = new();

    /// <summary>The last 512-byte header, raw.</summary>
    public ReadOnlySpan<byte> RawHeader => _header;

    /// <summary>Moves to the next entry, past what is left of the content of this one.</summary>
    /// <returns>False at the end mark.</returns>
    /// <exception cref="StoreException">The archive is truncated, corrupt, beyond a limit or holds an entry of an unknown type.</exception>
    public bool Read()
    {
        while (_contentLeft > 0)
            NextContent();
        SkipPadding();
        if (_ended)
            return false;
        _hasLongName = _hasLongLink = _hasPax = false;
        while (true)
        {
            if (!ReadHeader())
                return false;
            var header = new TarHeader(_header);
            if (IsExtension(header.TypeFlag))
            {
                ReadExtension(header);
                continue;
            }
            Decode(header);
            return true;
        }
    }

    /// <summary>The next piece of the entry's content, as long as it lies in memory; empty at its end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> NextContent()
    {
        if (_contentLeft == 0)
            return [];
        var piece = _pump.Peek((int)Math.Min(_contentLeft, ArchivePump.BufferBytes));
        if (piece.IsEmpty)
            throw ArchiveErrors.Truncated($"'{Entry}' misses {_contentLeft} bytes of its content");
        _contentLeft -= piece.Length;
        _pump.Advance(piece.Length);
        Content?.Invoke(piece);
        return piece;
    }

    /// <summary>Reads to the very end, so that all bytes are digested.</summary>
    public void ReadToEnd()
    {
        while (Read())
        {
        }
        while (true)
        {
            var piece = _pump.Peek(ArchivePump.BufferBytes);
            if (piece.IsEmpty)
                return;
            _pump.Advance(piece.Length);
            Framing?.Invoke(piece);
        }
    }

    private static bool IsExtension(byte type) => type is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';

    /// <summary>Reads a header into <see cref="_header"/>; false at the end mark.</summary>
    private bool ReadHeader()
    {
        ReadBlock();
        var header = new TarHeader(_header);
        if (header.TypeFlag == 0 && header.IsZero)
        {
            ReadBlock();
            if (!new TarHeader(_header).IsZero)
                throw ArchiveErrors.Corrupt(string.Create(CultureInfo.InvariantCulture, $"a lone block of zeros stands before byte {_pump.Position}"));
            if (_hasPax || _hasLongName || _hasLongLink)
                throw ArchiveErrors.Corrupt("its last extended header has no entry");
            _ended = true;
            return false;
        }
        if (!header.ChecksumIsValid())
        {
            throw Entry.Index < 0 && _pump.Position == TarHeader.BlockBytes
                ? new StoreException(
                    ErrorIds.ArchiveCorrupt, StoreErrorKind.InvalidData, null, "This is no tar archive: its first 512 bytes are no valid header.",
                    "Give a tar archive, plain or compressed with gzip or zstd.")
                : ArchiveErrors.Corrupt(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the checksum of the header at byte {_pump.Position - TarHeader.BlockBytes}{(Entry.Index < 0 ? "" : $", after '{Entry}',")} is wrong"));
        }
        return true;
    }

    private void ReadBlock()
    {
        var block = _pump.Peek(TarHeader.BlockBytes);
        if (block.Length < TarHeader.BlockBytes)
        {
            throw ArchiveErrors.Truncated(string.Create(
                CultureInfo.InvariantCulture,
                $"at byte {_pump.Position + block.Length}{(Entry.Index < 0 ? "" : $", after '{Entry}'")}, without the two blocks of zeros that mark an archive's end"));
        }
        block.CopyTo(_header);
        _pump.Advance(TarHeader.BlockBytes);
        Framing?.Invoke(_header);
    }

    private void ReadExtension(TarHeader header)
    {
        if (!TarNumber.TryParseField(header.Size, out var size) || size < 0)
            throw ArchiveErrors.Corrupt("the size of an extended header is no number");
        var type = header.TypeFlag;
        if (size > _limits.MaxPaxHeaderBytes || (type == 'g' && size + _globals.Length > _limits.MaxPaxHeaderBytes))
            throw ArchiveErrors.LimitExceeded(null, $"has an extended header of {size} bytes", nameof(_limits.MaxPaxHeaderBytes), _limits.MaxPaxHeaderBytes);
        switch (type)
        {
            case (byte)'L': ReadLong(_longName, ref _hasLongName, size); break;
            case (byte)'K': ReadLong(_longLink, ref _hasLongLink, size); break;
            case (byte)'g':
                CopyExtension(size, _globals.Append);
                _globals.Parse(global: true, _limits);
                break;
            default:
                if (_hasPax)
                    throw ArchiveErrors.Corrupt("two extended headers stand before one entry");
                _hasPax = true;
                _pax.Clear();
                CopyExtension(size, _pax.Append);
                _pax.Parse(global: false, _limits);
                break;
        }
    }

    private void ReadLong(ByteBuffer buffer, ref bool has, long size)
    {
        if (has)
            throw ArchiveErrors.Corrupt("two GNU long names stand before one entry");
        has = true;
        buffer.Clear();
        CopyExtension(size, buffer.Append);
        var end = buffer.Span.IndexOf((byte)0);
        if (end >= 0)
        {
            // GNU tar ends the name with one NUL; anything behind it would be read by some and not by others.
            if (buffer.Span[end..].IndexOfAnyExcept((byte)0) >= 0)
                throw ArchiveErrors.Corrupt("a GNU long name contains a NUL");
            buffer.Truncate(end);
        }
    }

    private void CopyExtension(long size, Action<ReadOnlySpan<byte>> append)
    {
        for (var left = size; left > 0;)
        {
            var piece = _pump.Peek((int)left);
            if (piece.IsEmpty)
                throw ArchiveErrors.Truncated("in an extended header");
            append(piece);
            Framing?.Invoke(piece);
            left -= piece.Length;
            _pump.Advance(piece.Length);
        }
        _padding = Padding(size);
        SkipPadding();
    }

    private void SkipPadding()
    {
        if (_padding == 0)
            return;
        var piece = _pump.Peek((int)_padding);
        if (piece.Length < _padding)
            throw ArchiveErrors.Truncated($"in the padding after '{Entry}'");
        _pump.Advance(piece.Length);
        Framing?.Invoke(piece);
        _padding = 0;
    }

    private static long Padding(long size) => -size & (TarHeader.BlockBytes - 1);
}
