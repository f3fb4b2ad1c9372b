using System.Text;
using LayerStore.Linux;

namespace LayerStore.Archives.Tar;

/// <summary>
/// The records of one PAX extended header (POSIX.1-2001: <c>length SP keyword = value NL</c>) that matter here. Values are raw bytes, as
/// <c>SCHILY.xattr.</c> needs. Reused: <see cref="Clear"/> forgets everything.
/// </summary>
internal sealed class PaxRecords
{
    private readonly ByteBuffer _bytes = new();
    private readonly List<(Range Name, Range Value)> _xattrs = [];
    private Range? _path, _linkPath, _sparseName;
    private long _sparseOffset = -1;

    public bool HasPath => _path is not null;
    public bool HasLinkPath => _linkPath is not null;
    public bool HasSparseName => _sparseName is not null;
    public ReadOnlySpan<byte> Path => _bytes.Span[_path!.Value];
    public ReadOnlySpan<byte> LinkPath => _bytes.Span[_linkPath!.Value];
    public ReadOnlySpan<byte> SparseName => _bytes.Span[_sparseName!.Value];

    public long? Size { get; private set; }
    public long? Uid { get; private set; }
    public long? Gid { get; private set; }
    public TimeSpec? ModificationTime { get; private set; }
    public TimeSpec? AccessTime { get; private set; }
    public long? SparseMajor { get; private set; }
    public long? SparseMinor { get; private set; }

    /// <summary>The length of a sparse file with its holes.</summary>
    public long? SparseRealSize { get; private set; }

    /// <summary>True where the records themselves hold the segments (formats 0.0 and 0.1).</summary>
    public bool HasSparseMap { get; private set; }

    /// <summary>The segments of formats 0.0 and 0.1.</summary>
    public SparseMap Sparse { get; } = new();

    public int XattrCount => _xattrs.Count;
    public ReadOnlySpan<byte> XattrName(int index) => _bytes.Span[_xattrs[index].Name];
    public ReadOnlySpan<byte> XattrValue(int index) => _bytes.Span[_xattrs[index].Value];

    public int Length => _bytes.Length;

    /// <summary>Takes content of the header; <see cref="Parse"/> follows when all of it is here.</summary>
    public void Append(ReadOnlySpan<byte> content) => _bytes.Append(content);

    public void Clear()
    {
        _bytes.Clear();
        Forget();
    }

    private void Forget()
    {
        _xattrs.Clear();
        Sparse.Clear();
        HasSparseMap = false;
        _path = _linkPath = _sparseName = null;
        _sparseOffset = -1;
        Size = Uid = Gid = SparseMajor = SparseMinor = SparseRealSize = null;
        ModificationTime = AccessTime = null;
    }

    /// <summary>Reads the records.</summary>
    /// <param name="global">True for a header of type <c>g</c>, which holds for all entries that follow.</param>
    /// <param name="limits">For the number of sparse segments.</param>
    public void Parse(bool global, ExtractionLimits limits)
    {
        Forget();
        var start = 0;
        while (start < _bytes.Length)
        {
            var rest = _bytes.Span[start..];
            var space = rest.IndexOf((byte)' ');
            if (space is < 1 or > 10 || !TarNumber.TryParseDecimal(rest[..space], out var length) || length > rest.Length
                || length <= space + 1 || rest[(int)length - 1] != '\n')
                throw ArchiveErrors.Corrupt("the length of a PAX record is wrong");
            var equals = rest[..((int)length - 1)].IndexOf((byte)'=');
            if (equals <= space + 1)
                throw ArchiveErrors.Corrupt("a PAX record has no keyword");
            var key = rest[(space + 1)..equals];
            if (key.Contains((byte)0))
                throw ArchiveErrors.Corrupt("a PAX keyword contains a NUL");
            var valueStart = start + equals + 1;
            Record(key, start + space + 1, valueStart..(start + (int)length - 1), global, limits);
            start += (int)length;
        }
        if (_sparseOffset >= 0)
            throw ArchiveErrors.Corrupt("a PAX record GNU.sparse.offset has no GNU.sparse.numbytes");
    }

    private void Record(ReadOnlySpan<byte> key, int keyStart, Range value, bool global, ExtractionLimits limits)
    {
        const string xattr = "SCHILY.xattr.";
        if (key.StartsWith("SCHILY.xattr."u8))
        {
            _xattrs.Add(((keyStart + xattr.Length)..(keyStart + key.Length), value));
            return;
        }
        var text = _bytes.Span[value];
        if (global && (key.SequenceEqual("path"u8) || key.SequenceEqual("linkpath"u8) || key.SequenceEqual("size"u8) || key.StartsWith("GNU.sparse."u8)))
            throw ArchiveErrors.Corrupt($"a global PAX header gives every entry the same {Encoding.UTF8.GetString(key)}");
        switch (key)
        {
            case var _ when key.SequenceEqual("path"u8): _path = Text(key, text, value, _path); break;
            case var _ when key.SequenceEqual("linkpath"u8): _linkPath = Text(key, text, value, _linkPath); break;
            // An empty value says that the header's own holds.
            case var _ when key.SequenceEqual("size"u8): Size = text.IsEmpty ? null : Number(key, text, Size); break;
            case var _ when key.SequenceEqual("uid"u8): Uid = text.IsEmpty ? null : Number(key, text, null); break;
            case var _ when key.SequenceEqual("gid"u8): Gid = text.IsEmpty ? null : Number(key, text, null); break;
            case var _ when key.SequenceEqual("mtime"u8): ModificationTime = text.IsEmpty ? null : Time(key, text); break;
            case var _ when key.SequenceEqual("atime"u8): AccessTime = text.IsEmpty ? null : Time(key, text); break;
            case var _ when key.StartsWith("GNU.sparse."u8): SparseRecord(key, text, value, limits); break;
            default: break;
        }
    }

    private void SparseRecord(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, Range value, ExtractionLimits limits)
    {
        switch (key["GNU.sparse.".Length..])
        {
            case var name when name.SequenceEqual("major"u8): SparseMajor = Number(key, text, SparseMajor); break;
            case var name when name.SequenceEqual("minor"u8): SparseMinor = Number(key, text, SparseMinor); break;
            case var name when name.SequenceEqual("name"u8): _sparseName = Text(key, text, value, _sparseName); break;
            case var name when name.SequenceEqual("size"u8) || name.SequenceEqual("realsize"u8):
                SparseRealSize = Number(key, text, SparseRealSize);
                break;
            case var name when name.SequenceEqual("numblocks"u8): HasSparseMap = true; break;
            case var name when name.SequenceEqual("offset"u8):
                HasSparseMap = true;
                _sparseOffset = Number(key, text, _sparseOffset < 0 ? null : _sparseOffset);
                break;
            case var name when name.SequenceEqual("numbytes"u8):
                if (_sparseOffset < 0)
                    throw ArchiveErrors.Corrupt("a PAX record GNU.sparse.numbytes has no GNU.sparse.offset");
                AddSegment(_sparseOffset, Number(key, text, null), limits);
                _sparseOffset = -1;
                break;
            case var name when name.SequenceEqual("map"u8): ParseMap(key, text, limits); break;
            default: break;
        }
    }

    private void ParseMap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, ExtractionLimits limits)
    {
        if (HasSparseMap && Sparse.Count > 0)
            throw ArchiveErrors.Corrupt("a PAX header says GNU.sparse.map twice");
        HasSparseMap = true;
        long? offset = null;
        while (!text.IsEmpty)
        {
            var comma = text.IndexOf((byte)',');
            var number = Number(key, comma < 0 ? text : text[..comma], null);
            if (offset is null)
                offset = number;
            else
            {
                AddSegment(offset.Value, number, limits);
                offset = null;
            }
            text = comma < 0 ? [] : text[(comma + 1)..];
        }
        if (offset is not null)
            throw ArchiveErrors.Corrupt("GNU.sparse.map has an odd count of numbers");
    }

    private void AddSegment(long offset, long length, ExtractionLimits limits)
    {
        if (Sparse.Count >= limits.MaxSparseSegments)
            throw ArchiveErrors.LimitExceeded(null, "has a sparse file with more segments than allowed", nameof(limits.MaxSparseSegments), limits.MaxSparseSegments);
        Sparse.Add(offset, length);
    }

    private static Range? Text(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, Range value, Range? before)
    {
        if (before is not null)
            throw Twice(key);
        if (text.Contains((byte)0))
            throw ArchiveErrors.Corrupt($"the PAX record {Encoding.UTF8.GetString(key)} contains a NUL");
        return text.IsEmpty ? null : value;
    }

    private static long Number(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text, long? before)
    {
        if (before is not null)
            throw Twice(key);
        return TarNumber.TryParseDecimal(text, out var number)
            ? number
            : throw ArchiveErrors.Corrupt($"the PAX record {Encoding.UTF8.GetString(key)} is no number: '{Shown(text)}'");
    }

    private static TimeSpec Time(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text) => TarNumber.TryParseTime(text, out var time)
        ? time
        : throw ArchiveErrors.Corrupt($"the PAX record {Encoding.UTF8.GetString(key)} is no time: '{Shown(text)}'");

    private static StoreException Twice(ReadOnlySpan<byte> key) =>
        ArchiveErrors.Corrupt($"a PAX header says {Encoding.UTF8.GetString(key)} twice, so that two readers would see two archives");

    private static string Shown(ReadOnlySpan<byte> text) => Printable.Escape(text[..Math.Min(text.Length, 40)]);
}
