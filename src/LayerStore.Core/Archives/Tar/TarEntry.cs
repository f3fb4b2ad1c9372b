using LayerStore.Linux;

namespace LayerStore.Archives.Tar;

/// <summary>
/// The entry that the reader stands on. There is one object a reader: what it shows changes with the next <see cref="TarReader.Read"/>.
/// </summary>
internal sealed class TarEntry
{
    private readonly List<(int NameStart, int NameLength, int ValueStart, int ValueLength)> _xattrs = [];
    private readonly ByteBuffer _xattrBytes = new();

    public TarEntryType Type { get; set; }

    /// <summary>The name as the archive has it, raw bytes.</summary>
    public ByteBuffer Name { get; } = new();

    /// <summary>The target of a link, raw bytes.</summary>
    public ByteBuffer LinkTarget { get; } = new();

    /// <summary>Permission bits with setuid, setgid and sticky (07777).</summary>
    public uint Mode { get; set; }

    public uint Uid { get; set; }
    public uint Gid { get; set; }

    /// <summary>Bytes of the file, holes included.</summary>
    public long Size { get; set; }

    /// <summary>Bytes of content that follow in the archive.</summary>
    public long StoredSize { get; set; }

    public TimeSpec ModificationTime { get; set; }

    /// <summary>The archive's own access time, or the modification time where it has none.</summary>
    public TimeSpec AccessTime { get; set; }

    public uint DeviceMajor { get; set; }
    public uint DeviceMinor { get; set; }

    /// <summary>True where <see cref="Sparse"/> says which parts of the file the content fills.</summary>
    public bool IsSparse { get; set; }

    public SparseMap Sparse { get; } = new();

    /// <summary>How many entries came before this one.</summary>
    public long Index { get; set; } = -1;

    /// <summary>Where the content begins in the uncompressed archive, in bytes.</summary>
    public long ContentOffset { get; set; }

    public int XattrCount => _xattrs.Count;

    public void ClearXattrs()
    {
        _xattrs.Clear();
        _xattrBytes.Clear();
    }

    /// <summary>Adds an extended attribute, or replaces the one of the same name.</summary>
    public void SetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var nameStart = _xattrBytes.Length;
        _xattrBytes.Append(name);
        var valueStart = _xattrBytes.Length;
        _xattrBytes.Append(value);
        var added = (nameStart, name.Length, valueStart, value.Length);
        for (var index = 0; index < _xattrs.Count; index++)
        {
            if (XattrName(index).SequenceEqual(name))
            {
                _xattrs[index] = added;
                return;
            }
        }
        _xattrs.Add(added);
    }

    public ReadOnlySpan<byte> XattrName(int index) => _xattrBytes.Span.Slice(_xattrs[index].NameStart, _xattrs[index].NameLength);

    public ReadOnlySpan<byte> XattrValue(int index) => _xattrBytes.Span.Slice(_xattrs[index].ValueStart, _xattrs[index].ValueLength);

    /// <summary>The name, safe to print.</summary>
    public override string ToString() => Printable.Escape(Name.Span);
}
