using System.Text.Encodings.Web;
using System.Text.Json;

namespace LayerStore.Images.Formats;

/// <summary>Reads JSON that nobody vouches for: its size and depth are limited before it is parsed.</summary>
internal static class JsonDocuments
{
    // Image documents are flat; nobody needs more, and a parser's stack is no place for an attacker.
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a whole file of the archive; null where there is none.</summary>
    public static byte[]? TryRead(IBlobSource source, string name, int maxBytes, string option)
    {
        using var stream = source.TryOpen(name);
        if (stream is null)
            return null;
        if (stream.Length > maxBytes)
            throw ArchiveFaults.LimitExceeded(name, $"it has {stream.Length} bytes, more than {maxBytes}", option);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Reads a blob and verifies its size and digest.</summary>
    public static byte[] ReadVerified(IBlobSource source, Descriptor descriptor, int maxBytes, string option)
    {
        var name = BlobName.OfBlob(descriptor.Digest);
        if (descriptor.Size > maxBytes)
            throw ArchiveFaults.LimitExceeded(name, $"its descriptor says {descriptor.Size} bytes, more than {maxBytes}", option);
        var content = TryRead(source, name, maxBytes, option) ?? throw ArchiveFaults.BlobMissing(source.Path, name);
        if (content.Length != descriptor.Size)
            throw ArchiveFaults.SizeMismatch(name, descriptor.Size, content.Length);
        var actual = DigestOf(content);
        return actual == descriptor.Digest ? content : throw ArchiveFaults.DigestMismatch(name, descriptor.Digest, actual);
    }

    /// <summary>Makes a document: the same content gives the same bytes, and text stands in it as it is.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return buffer.ToArray();
    }

    /// <summary>SHA-256 of a document.</summary>
    public static Digest DigestOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(content, hash);
        return Digest.FromSha256(hash);
    }

    /// <summary>Parses a document; <paramref name="fault"/> makes the exception of what is wrong with it.</summary>
    /// <remarks>A name that occurs twice in one object is refused: two readers of it could see two different images.</remarks>
    public static JsonPart Parse(ReadOnlyMemory<byte> content, string name, Func<string, string, Exception?, StoreException> fault)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(content), Strict);
            ReadTexts(document.RootElement);
            return new JsonPart(document.RootElement.Clone(), name, fault);
        }
        catch (JsonException error)
        {
            throw fault(name, $"it is not JSON that can be read (line {error.LineNumber + 1}, byte {error.BytePositionInLine})", error);
        }
        catch (InvalidOperationException error)
        {
            throw fault(name, "it has text that is not Unicode", error);
        }
    }

    /// <summary>The document itself: a byte order mark is no JSON, but some tools write it.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> content) => content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;

    /// <summary>
    /// Reads every name and every text once. .NET looks at them only when somebody asks: what is no text (bytes that are no UTF-8, half of a pair of <c>\u</c>) would
    /// come out much later, and as no error of the document.
    /// </summary>
    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    ReadTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadTexts(property.Value);
                }
                break;
            default:
                break;
        }
    }
}
