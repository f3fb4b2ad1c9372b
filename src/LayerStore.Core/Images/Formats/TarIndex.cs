using System.Text;
using LayerStore.Archives;
using LayerStore.Archives.Tar;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>
/// The table of contents of an outer archive (POSIX ustar, PAX, GNU). Only headers are read and content is jumped over, which is why the
/// layers' streaming reader does not serve here: a 400 MB archive is understood after a few reads.
/// </summary>
internal sealed class TarIndex
{
    private const int MaxExtension = 1 << 20, MaxEntries = 100_000;

    private readonly Dictionary<string, TarIndexEntry> _entries = new(StringComparer.Ordinal);
    private readonly PaxRecords _pax = new();
    private string? _longName, _longLink;

    private TarIndex()
    {
    }

    /// <summary>Finds an entry by its normalized name; of several with one name the last.</summary>
    public bool TryFind(string name, out TarIndexEntry entry) => _entries.TryGetValue(name, out entry);

    /// <summary>True where the block is a tar header: its checksum is right. (An archive may have no magic at all.)</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block) => block.Length >= TarHeader.BlockBytes && new TarHeader(block).ChecksumIsValid();

    /// <summary>Goes through the archive's headers.</summary>
    /// <exception cref="StoreException">It is truncated, corrupt or too large.</exception>
    public static TarIndex Read(SafeFileHandle file, long length, string path, CancellationToken cancellation)
    {
        var index = new TarIndex();
        try
        {
            index.ReadAll(file, length, path, cancellation);
        }
        catch (StoreException error) when (error.Target is null)
        {
            throw ArchiveFaults.Named(path, error);
        }
        return index;
    }

    private void ReadAll(SafeFileHandle file, long length, string path, CancellationToken cancellation)
    {
        Span<byte> block = stackalloc byte[TarHeader.BlockBytes];
        var count = 0;
        for (long position = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (position + block.Length > length)
                throw ArchiveFaults.Truncated(path, $"its end is missing after {length} bytes");
            ReadAt(file, position, block, path);
            var header = new TarHeader(block);
            if (header.IsZero)
                return;
            if (!header.ChecksumIsValid())
                throw ArchiveFaults.Corrupt(path, $"there is no tar header at byte {position}");
            if (++count > MaxEntries)
                throw ArchiveFaults.LimitExceeded(path, $"it has more than {MaxEntries} entries");
            var size = SizeOf(header, path, position);
            var content = position + block.Length;
            if (size > length - content)
                throw ArchiveFaults.Truncated(
                    path, $"the content of the entry at byte {position} has {size} bytes, and the archive ends {length - content} bytes after its header");
            position = content + ((size + TarHeader.BlockBytes - 1) & ~(TarHeader.BlockBytes - 1L));
            switch (header.TypeFlag)
            {
                case (byte)'L':
                    _longName = Text(ReadExtension(file, content, size, path));
                    break;
                case (byte)'K':
                    _longLink = Text(ReadExtension(file, content, size, path));
                    break;
                case (byte)'x':
                    _pax.Clear();
                    _pax.Append(ReadExtension(file, content, size, path));
                    _pax.Parse(global: false, ExtractionLimits.Default);
                    break;
                case (byte)'g':
                    break;
                default:
                    Add(header, content, size);
                    _longName = _longLink = null;
                    _pax.Clear();
                    break;
            }
        }
    }

    private long SizeOf(TarHeader header, string path, long position)
    {
        // Links have no content, whatever their size says.
        if (header.TypeFlag is (byte)'1' or (byte)'2')
            return 0;
        if (header.TypeFlag is not ((byte)'x' or (byte)'g' or (byte)'L' or (byte)'K') && _pax.Size is { } size)
            return size;
        return TarNumber.TryParseField(header.Size, out var value) && value >= 0
            ? value
            : throw ArchiveFaults.Corrupt(path, $"the header at byte {position} has no valid size");
    }

    private void Add(TarHeader header, long content, long size)
    {
        // A sparse file's content is not what its reader sees; nobody writes blobs so.
        var kind = header.TypeFlag switch
        {
            0 or (byte)'0' or (byte)'7' when !_pax.HasSparseMap && _pax.SparseMajor is null => TarIndexKind.File,
            (byte)'1' => TarIndexKind.HardLink,
            (byte)'2' => TarIndexKind.SymbolicLink,
            _ => TarIndexKind.Other,
        };
        var name = _pax.HasPath ? Text(_pax.Path) : _longName ?? NameOf(header);
        var target = _pax.HasLinkPath ? Text(_pax.LinkPath) : _longLink ?? Text(header.LinkName);
        // A name that leads out of the archive can be asked for by nobody.
        if (BlobName.Normalize(name) is { Length: > 0 } normal && !(kind == TarIndexKind.Other && _entries.ContainsKey(normal)))
            _entries[normal] = new TarIndexEntry(kind, content, size, target);
    }

    private static string NameOf(TarHeader header) =>
        header.Prefix.IsEmpty ? Text(header.Name) : $"{Text(header.Prefix)}/{Text(header.Name)}";

    private static byte[] ReadExtension(SafeFileHandle file, long offset, long size, string path)
    {
        if (size > MaxExtension)
            throw ArchiveFaults.LimitExceeded(path, $"an extended header has {size} bytes, more than {MaxExtension}");
        var content = new byte[size];
        ReadAt(file, offset, content, path);
        return content;
    }

    private static void ReadAt(SafeFileHandle file, long offset, Span<byte> buffer, string path)
    {
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw ArchiveFaults.Truncated(path, $"it ends at byte {offset}");
            buffer = buffer[read..];
            offset += read;
        }
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
