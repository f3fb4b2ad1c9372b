using LayerStore.Archives.Extraction;
using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Archives.TarSplit;

/// <summary>
/// Keeps a layer's tar-split while it is extracted: everything that is no file's content as it is, and of each file its name, length and checksum. From
/// it and the files on disk <see cref="TarSplitAssembler"/> makes the archive again, byte for byte.
/// </summary>
internal sealed class TarSplitRecorder : IDisposable
{
    private readonly string _path;
    private readonly TarSplitWriter _writer;
    private readonly List<ulong> _segmentSums = [];
    private TarEntry? _entry;
    private Crc64 _sum;
    private int _segment;
    private long _segmentLeft;

    /// <summary>Begins.</summary>
    /// <param name="path">The file to write; beside the layer, on its file system.</param>
    /// <param name="limits">For what must be remembered.</param>
    public TarSplitRecorder(string path, ExtractionLimits limits)
    {
        _path = path;
        _writer = new TarSplitWriter(path);
        Displaced = new DisplacedContents(path + ".displaced", limits, () => _writer.Position);
    }

    /// <summary>Where the extraction, and the joining with the parents, hand in what they replace.</summary>
    public DisplacedContents Displaced { get; }

    /// <summary>Takes what is no content.</summary>
    public void Frame(ReadOnlySpan<byte> bytes) => _writer.AddSegment(bytes);

    /// <summary>The reader moved to an entry.</summary>
    public void Begin(TarEntry entry)
    {
        _entry = entry;
        _sum = default;
        if (!entry.IsSparse)
            return;
        _segmentSums.Clear();
        (_segment, _segmentLeft) = (0, 0);
        NextSegment();
    }

    /// <summary>Takes a piece of an entry's content. After <see cref="End"/> it is content that went to no file.</summary>
    public void Content(ReadOnlySpan<byte> bytes)
    {
        if (_entry is null)
            _writer.AddSegment(bytes);
        else if (!_entry.IsSparse)
            _sum.Append(bytes);
        else
            SparseContent(bytes);
    }

    /// <summary>The entry was extracted.</summary>
    /// <param name="tree">Where to.</param>
    public void End(LayerTree tree)
    {
        var entry = _entry!;
        _entry = null;
        if (!tree.EntryIsFile || entry.StoredSize == 0)
        {
            _writer.AddEmpty(entry.Name.Span);
            return;
        }
        var path = tree.EntryPath;
        if (path.SequenceEqual(TarSplitEntry.PlainPath(entry.Name.Span)))
            path = default;
        if (!entry.IsSparse)
            _writer.AddFile(entry.Name.Span, entry.Size, TarSplitEntry.Whole, path, _sum.Value);
        else
        {
            var at = 0;
            for (var index = 0; index < entry.Sparse.Count; index++)
            {
                var (offset, length) = entry.Sparse[index];
                if (length > 0)
                    _writer.AddFile(entry.Name.Span, length, offset, path, _segmentSums[at++]);
            }
        }
    }

    /// <summary>The archive was read to its end. What stood at the place of a file may still change until <see cref="Complete"/>.</summary>
    public void EndArchive()
    {
        _writer.Finish();
        Displaced.EndArchive();
    }

    /// <summary>The layer is joined with its parents: takes in what is not, or not there, on disk.</summary>
    public void Complete()
    {
        if (Displaced.Events.Count == 0)
            return;
        var rewritten = _path + ".new";
        TarSplitRewriter.Rewrite(_path, rewritten, Displaced);
        if (Libc.Rename(rewritten, _path) < 0)
            throw LinuxError.Last("rename", rewritten);
    }

    public void Dispose()
    {
        _writer.Dispose();
        Displaced.Dispose();
    }

    private void SparseContent(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = (int)Math.Min(bytes.Length, _segmentLeft);
            _sum.Append(bytes[..count]);
            bytes = bytes[count..];
            _segmentLeft -= count;
            if (_segmentLeft > 0)
                continue;
            _segmentSums.Add(_sum.Value);
            _sum = default;
            NextSegment();
        }
    }

    private void NextSegment()
    {
        while (_segment < _entry!.Sparse.Count && _segmentLeft == 0)
            _segmentLeft = _entry.Sparse[_segment++].Length;
    }
}
