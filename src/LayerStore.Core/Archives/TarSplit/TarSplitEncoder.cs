using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace LayerStore.Archives.TarSplit;

/// <summary>Writes tar-split objects as JSON, one a line, as vbatts/tar-split does.</summary>
internal sealed class TarSplitEncoder : IDisposable
{
    private static readonly JsonWriterOptions s_options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _lines;
    private readonly Utf8JsonWriter _json;

    /// <summary>Writes into <paramref name="lines"/>.</summary>
    public TarSplitEncoder(ArrayBufferWriter<byte> lines)
    {
        _lines = lines;
        _json = new Utf8JsonWriter(lines, s_options);
    }

    /// <summary>Bytes that stand in the archive as they are.</summary>
    public void WriteSegment(ReadOnlySpan<byte> bytes, long position)
    {
        Begin(TarSplitEntry.Segment);
        _json.WriteBase64String("payload"u8, bytes);
        End(position);
    }

    /// <summary>An entry, or a piece of one, whose <paramref name="size"/> bytes are in a file.</summary>
    public void WriteFile(ReadOnlySpan<byte> name, long size, long offset, ReadOnlySpan<byte> path, ulong checksum, long position)
    {
        Begin(TarSplitEntry.File);
        if (Utf8.IsValid(name))
            _json.WriteString("name"u8, name);
        else
            _json.WriteBase64String("name_raw"u8, name);
        if (size > 0)
            _json.WriteNumber("size"u8, size);
        if (offset != TarSplitEntry.Whole)
            _json.WriteNumber("offset"u8, offset);
        if (!path.IsEmpty)
            _json.WriteBase64String("path_raw"u8, path);
        if (size > 0)
        {
            Span<byte> sum = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(sum, checksum);
            _json.WriteBase64String("payload"u8, sum);
        }
        else
            _json.WriteNull("payload"u8);
        End(position);
    }

    public void Dispose() => _json.Dispose();

    private void Begin(int type)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("type"u8, type);
    }

    private void End(long position)
    {
        _json.WriteNumber("position"u8, position);
        _json.WriteEndObject();
        _json.Flush();
        _lines.GetSpan(1)[0] = (byte)'\n';
        _lines.Advance(1);
    }
}
