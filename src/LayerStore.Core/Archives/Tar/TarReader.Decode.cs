using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Archives.Tar;

internal sealed partial class TarReader
{
    // Linux's XATTR_LIST_MAX: a file with more names cannot even list them.
    private const int MaxXattrNamesBytes = 64 << 10;

    private void Decode(TarHeader header)
    {
        var entry = Entry;
        entry.Index++;
        SetNames(header);
        if (entry.Index >= _limits.MaxEntries)
            throw ArchiveErrors.LimitExceeded(null, "has more entries than allowed", nameof(_limits.MaxEntries), _limits.MaxEntries);
        entry.Type = TypeOf(header);
        entry.IsSparse = false;
        entry.Mode = (uint)Field(header.Mode, "mode") & 0xfff;
        entry.Uid = Owner((_hasPax ? _pax.Uid : null) ?? _globals.Uid ?? Field(header.Uid, "owner"), "owner");
        entry.Gid = Owner((_hasPax ? _pax.Gid : null) ?? _globals.Gid ?? Field(header.Gid, "group"), "group");
        entry.ModificationTime = (_hasPax ? _pax.ModificationTime : null) ?? _globals.ModificationTime
            ?? new TimeSpec(Field(header.ModificationTime, "time"), 0);
        entry.AccessTime = (_hasPax ? _pax.AccessTime : null) ?? _globals.AccessTime ?? entry.ModificationTime;
        SetXattrs();
        SetSize(header);
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            // Linux has 12 bits for the major and 20 for the minor number.
            entry.DeviceMajor = (uint)Device(header.DeviceMajor, 0xfff);
            entry.DeviceMinor = (uint)Device(header.DeviceMinor, 0xfffff);
        }
        entry.ContentOffset = _pump.Position;
        _contentLeft = entry.StoredSize;
        _padding = Padding(entry.StoredSize);
        if (entry.IsSparse)
            SetSparse(header);
        if (entry.Size > _limits.MaxFileBytes)
            throw ArchiveErrors.LimitExceeded(entry.ToString(), $"has {entry.Size} bytes", nameof(_limits.MaxFileBytes), _limits.MaxFileBytes);
    }

    private void SetNames(TarHeader header)
    {
        var name = Entry.Name;
        if (_hasLongName)
            name.Set(_longName.Span);
        else if (_hasPax && _pax.HasSparseName)
            name.Set(_pax.SparseName);
        else if (_hasPax && _pax.HasPath)
            name.Set(_pax.Path);
        else
        {
            name.Clear();
            if (!header.Prefix.IsEmpty)
            {
                name.Append(header.Prefix);
                name.Append("/"u8);
            }
            name.Append(header.Name);
        }
        if (_hasLongLink)
            Entry.LinkTarget.Set(_longLink.Span);
        else if (_hasPax && _pax.HasLinkPath)
            Entry.LinkTarget.Set(_pax.LinkPath);
        else
            Entry.LinkTarget.Set(header.LinkName);
    }

    private TarEntryType TypeOf(TarHeader header)
    {
        switch (header.TypeFlag)
        {
            case (byte)'0' or (byte)'7' or (byte)'S': return TarEntryType.File;
            // Before ustar a directory was a file whose name ends with a slash.
            case 0: return Entry.Name.Span.EndsWith("/"u8) ? TarEntryType.Directory : TarEntryType.File;
            case (byte)'1': return TarEntryType.HardLink;
            case (byte)'2': return TarEntryType.SymbolicLink;
            case (byte)'3': return TarEntryType.CharacterDevice;
            case (byte)'4': return TarEntryType.BlockDevice;
            case (byte)'5': return TarEntryType.Directory;
            case (byte)'6': return TarEntryType.Pipe;
            default:
                var flag = header.TypeFlag is > 0x20 and < 0x7f
                    ? $"'{(char)header.TypeFlag}'"
                    : string.Create(CultureInfo.InvariantCulture, $"0x{header.TypeFlag:x2}");
                throw ArchiveErrors.Unsupported(Entry.ToString(), $"its type {flag} is unknown");
        }
    }

    private void SetSize(TarHeader header)
    {
        var entry = Entry;
        var size = (_hasPax ? _pax.Size : null) ?? Field(header.Size, "size");
        if (size < 0)
            throw ArchiveErrors.CorruptEntry(entry.ToString(), $"its size is {size}");
        // Links, directories and devices have no content, whatever their size says: so do Docker, containerd and GNU tar read them.
        entry.Size = entry.StoredSize = entry.Type == TarEntryType.File ? size : 0;
        entry.IsSparse = header.TypeFlag == 'S'
            || (entry.Type == TarEntryType.File && _hasPax && (_pax.HasSparseMap || _pax.SparseMajor is not null));
    }

    private void SetXattrs()
    {
        Entry.ClearXattrs();
        if (_globals.XattrCount == 0 && (!_hasPax || _pax.XattrCount == 0))
            return;
        var names = 0;
        for (var index = 0; index < _globals.XattrCount; index++)
            SetXattr(_globals.XattrName(index), _globals.XattrValue(index), ref names);
        for (var index = 0; _hasPax && index < _pax.XattrCount; index++)
            SetXattr(_pax.XattrName(index), _pax.XattrValue(index), ref names);
    }

    private void SetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref int names)
    {
        if (value.Length > _limits.MaxXattrBytes)
        {
            throw ArchiveErrors.LimitExceeded(
                Entry.ToString(), $"has an extended attribute '{Printable.Escape(name)}' of {value.Length} bytes", nameof(_limits.MaxXattrBytes), _limits.MaxXattrBytes);
        }
        names += name.Length + 1;
        // Linux's XATTR_NAME_MAX.
        if (name.IsEmpty || name.Length > 255 || names > MaxXattrNamesBytes)
            throw ArchiveErrors.CorruptEntry(Entry.ToString(), "Linux could not hold the names of its extended attributes");
        Entry.SetXattr(name, value);
    }

    private long Field(ReadOnlySpan<byte> field, string what) => TarNumber.TryParseField(field, out var value)
        ? value
        : throw ArchiveErrors.CorruptEntry(Entry.ToString(), $"its {what} is no number");

    private uint Owner(long id, string what) => id is >= 0 and < uint.MaxValue
        ? (uint)id
        : throw ArchiveErrors.Unsupported(Entry.ToString(), $"Linux has no {what} {id}");

    private long Device(ReadOnlySpan<byte> field, long most)
    {
        var number = Field(field, "device number");
        return number >= 0 && number <= most
            ? number
            : throw ArchiveErrors.Unsupported(Entry.ToString(), $"Linux has no device number {number}");
    }

    private void SetSparse(TarHeader header)
    {
        var entry = Entry;
        entry.Sparse.Clear();
        if (header.TypeFlag == 'S')
            SetOldGnuSparse(header);
        else if (_pax.SparseMajor is null or 0 && _pax.HasSparseMap)
        {
            for (var index = 0; index < _pax.Sparse.Count; index++)
                entry.Sparse.Add(_pax.Sparse[index].Offset, _pax.Sparse[index].Length);
            entry.Size = _pax.SparseRealSize ?? throw ArchiveErrors.CorruptEntry(entry.ToString(), "its sparse header lacks the file's size");
        }
        else if (_pax.SparseMajor == 1 && _pax.SparseMinor == 0)
        {
            entry.Size = _pax.SparseRealSize ?? throw ArchiveErrors.CorruptEntry(entry.ToString(), "its sparse header lacks the file's size");
            ReadSparseMap();
        }
        else
            throw ArchiveErrors.Unsupported(entry.ToString(), $"its GNU sparse format {_pax.SparseMajor}.{_pax.SparseMinor} is unknown");
        if (!entry.Sparse.IsValid(entry.Size, _contentLeft))
            throw ArchiveErrors.CorruptEntry(entry.ToString(), "the segments of this sparse file overlap, lie beyond its end or do not match its content");
        entry.StoredSize = _contentLeft;
    }

    private void SetOldGnuSparse(TarHeader header)
    {
        Entry.Size = Field(header.SparseRealSize, "real size");
        AddOldSegments(header.SparseSegments);
        for (var more = header.SparseIsExtended; more;)
        {
            // The extension blocks stand before the content and are no part of its size.
            var block = _pump.Peek(TarHeader.BlockBytes);
            if (block.Length < TarHeader.BlockBytes)
                throw ArchiveErrors.Truncated($"in the sparse header of '{Entry}'");
            _pump.Advance(TarHeader.BlockBytes);
            Framing?.Invoke(block);
            AddOldSegments(block[..(21 * 24)]);
            more = block[504] != 0;
        }
        Entry.ContentOffset = _pump.Position;
    }

    private void AddOldSegments(ReadOnlySpan<byte> segments)
    {
        for (; !segments.IsEmpty; segments = segments[24..])
        {
            // An unused slot, which ends the list, has neither offset nor length.
            if (segments[0] == 0 && segments[12] == 0)
                return;
            AddSegment(Field(segments[..12], "sparse header"), Field(segments[12..24], "sparse header"));
        }
    }

    private void AddSegment(long offset, long length)
    {
        if (Entry.Sparse.Count >= _limits.MaxSparseSegments)
            throw ArchiveErrors.LimitExceeded(
                Entry.ToString(), "has more segments than allowed", nameof(_limits.MaxSparseSegments), _limits.MaxSparseSegments);
        Entry.Sparse.Add(offset, length);
    }

    /// <summary>PAX sparse 1.0: decimal numbers, a line each, stand before the data, padded to a block, and count as content.</summary>
    private void ReadSparseMap()
    {
        var count = ReadSparseNumber();
        if (count > _limits.MaxSparseSegments)
            throw ArchiveErrors.LimitExceeded(Entry.ToString(), $"has {count} segments", nameof(_limits.MaxSparseSegments), _limits.MaxSparseSegments);
        for (; count > 0; count--)
        {
            var offset = ReadSparseNumber();
            AddSegment(offset, ReadSparseNumber());
        }
        for (var padding = Padding(Entry.StoredSize - _contentLeft); padding > 0; padding--)
            ReadSparseByte();
        Entry.ContentOffset = _pump.Position;
    }

    private long ReadSparseNumber()
    {
        long number = 0;
        for (var digits = 0; ; digits++)
        {
            var octet = ReadSparseByte();
            if (octet == '\n' && digits > 0)
                return number;
            // Eighteen digits cannot overflow, and no file is longer.
            if (octet is < (byte)'0' or > (byte)'9' || digits == 18)
                throw ArchiveErrors.CorruptEntry(Entry.ToString(), "its sparse map is no list of numbers");
            number = number * 10 + (octet - '0');
        }
    }

    private byte ReadSparseByte()
    {
        if (_contentLeft == 0)
            throw ArchiveErrors.CorruptEntry(Entry.ToString(), "its sparse map is longer than its content");
        var piece = _pump.Peek(1);
        if (piece.IsEmpty)
            throw ArchiveErrors.Truncated($"in the sparse map of '{Entry}'");
        var octet = piece[0];
        _pump.Advance(1);
        _contentLeft--;
        Framing?.Invoke([octet]);
        return octet;
    }
}
