using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using LayerStore.Linux;

namespace LayerStore.Archives.TarSplit;

/// <summary>Reads a tar-split file object by object.</summary>
internal sealed class TarSplitReader : IDisposable
{
    // Far more than the longest line that is written: a segment of 48 KiB, or a name and a path of a few KiB.
    private const int MaxLineBytes = 4 << 20;

    private readonly string _path;
    private readonly GZipStream _gzip;
    private byte[] _buffer = new byte[128 << 10];
    private byte[] _payload = new byte[64 << 10];
    private int _start, _end;
    private bool _ended;

    /// <summary>Opens the file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public TarSplitReader(string path)
    {
        _path = path;
        try
        {
            _gzip = new GZipStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 << 10), CompressionMode.Decompress);
        }
        catch (UnauthorizedAccessException error)
        {
            throw LinuxError.From(error, "read", path);
        }
    }

    /// <summary>The object that <see cref="Read"/> moved to; overwritten by the next.</summary>
    public TarSplitEntry Entry { get; } = new();

    /// <summary>Moves on; false at the end.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreDamaged"/>.</exception>
    public bool Read()
    {
        while (true)
        {
            var line = ReadLine();
            if (line.IsEmpty && _ended)
                return false;
            if (line.IsEmpty)
                continue;
            try
            {
                Parse(line);
            }
            catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
            {
                throw Damaged(error);
            }
            return true;
        }
    }

    public void Dispose() => _gzip.Dispose();

    private void Parse(ReadOnlySpan<byte> line)
    {
        Entry.Type = 0;
        Entry.Name = [];
        Entry.Size = Entry.Position = 0;
        Entry.Offset = TarSplitEntry.Whole;
        Entry.Path = null;
        Entry.Payload = default;
        Entry.Checksum = 0;
        var json = new Utf8JsonReader(line);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var payload = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
                Entry.Type = (int)Number(ref json);
            else if (json.ValueTextEquals("position"u8))
                Entry.Position = Number(ref json);
            else if (json.ValueTextEquals("size"u8))
                Entry.Size = Number(ref json);
            else if (json.ValueTextEquals("offset"u8))
                Entry.Offset = Number(ref json);
            else if (json.ValueTextEquals("name"u8))
                Entry.Name = Text(ref json);
            else if (json.ValueTextEquals("name_raw"u8))
                Entry.Name = Bytes(ref json);
            else if (json.ValueTextEquals("path_raw"u8))
                Entry.Path = Bytes(ref json);
            else if (json.ValueTextEquals("payload"u8))
                payload = Payload(ref json);
            else
                json.Skip();
        }
        if (Entry.Type == TarSplitEntry.Segment)
            Entry.Payload = _payload.AsMemory(0, payload);
        else if (Entry.Type != TarSplitEntry.File || Entry.Size < 0 || Entry.Offset < TarSplitEntry.Whole || (Entry.Size > 0 && payload != 8))
            throw new JsonException();
        else if (Entry.Size > 0)
            Entry.Checksum = BinaryPrimitives.ReadUInt64BigEndian(_payload);
    }

    private static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt64();
    }

    private static byte[] Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (!json.ValueIsEscaped)
            return json.ValueSpan.ToArray();
        var text = new byte[json.ValueSpan.Length];
        return text[..json.CopyString(text)];
    }

    private static byte[] Bytes(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetBytesFromBase64();
    }

    private int Payload(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
            return 0;
        if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped)
            throw new JsonException();
        var encoded = json.ValueSpan;
        if (_payload.Length < encoded.Length)
            _payload = new byte[encoded.Length];
        return System.Buffers.Text.Base64.DecodeFromUtf8(encoded, _payload, out _, out var written) == System.Buffers.OperationStatus.Done
            ? written
            : throw new JsonException();
    }

    /// <summary>The next line without its end; empty at the end of the file.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        for (var searched = 0; ;)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0 || _ended)
            {
                var line = _buffer.AsSpan(_start, found >= 0 ? searched + found : _end - _start);
                _start = found >= 0 ? _start + line.Length + 1 : _end;
                return line;
            }
            searched = _end - _start;
            if (searched > MaxLineBytes)
                throw Damaged(null);
            _buffer.AsSpan(_start, searched).CopyTo(_buffer);
            (_start, _end) = (0, searched);
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            Fill();
        }
    }

    private void Fill()
    {
        try
        {
            var read = _gzip.Read(_buffer.AsSpan(_end));
            _end += read;
            _ended = read == 0;
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
        catch (IOException error)
        {
            throw LinuxError.From(error, "read", _path);
        }
    }

    private StoreException Damaged(Exception? inner) => new(
        ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, _path,
        $"The file '{Printable.Escape(_path)}', from which a layer's archive is made again, is damaged.",
        "Remove what uses the layer, and import the image again.", inner);
}
