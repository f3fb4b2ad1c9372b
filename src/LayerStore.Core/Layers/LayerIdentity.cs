using System.Text.Json;
using System.Text.Json.Serialization;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>
/// The small JSON file that lies beside each layer, so that a database that was lost can be rebuilt from what is on disk: the chain of every image
/// layer, and which container a writable layer belongs to. Written before the layer is committed, confirmed when it is, and never read while the database is there.
/// </summary>
internal sealed record LayerIdentity
{
    /// <summary>The shape of this file.</summary>
    public int Version { get; init; } = 1;

    /// <summary><c>image</c> or <c>container</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The layer's id: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the layer below; null for the lowest.</summary>
    public string? ParentId { get; init; }

    /// <summary>How many layers are below it.</summary>
    public int Depth { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime Created { get; init; }

    /// <summary>An image's layer: SHA-256 of its uncompressed archive.</summary>
    public string? DiffId { get; init; }

    /// <summary>An image's layer: SHA-256 over its own DiffID and all below.</summary>
    public string? ChainId { get; init; }

    /// <summary>An image's layer: Docker's size, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>An image's layer: its entries.</summary>
    public long? Inodes { get; init; }

    /// <summary>An image's layer: bytes of its uncompressed archive.</summary>
    public long? UncompressedSize { get; init; }

    /// <summary>An image's layer: true where it hides everything below.</summary>
    public bool? OpaqueRoot { get; init; }

    /// <summary>A container's layer: the container's id.</summary>
    public string? ContainerId { get; init; }

    /// <summary>A container's layer: the container's name when it was made.</summary>
    public string? ContainerName { get; init; }

    /// <summary>A container's layer: the image's id; null without an image.</summary>
    public string? ImageId { get; init; }

    /// <summary>A container's layer: the image as it was named when the container was made.</summary>
    public string? ImageName { get; init; }

    /// <summary>A container's layer: the bytes that it may take; null without a limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>The identity of an image's layer.</summary>
    public static LayerIdentity Of(LayerRecord layer) => new()
    {
        Kind = "image",
        Id = layer.Id.Value,
        ParentId = layer.Parent?.Value,
        Depth = layer.Depth,
        Created = layer.Created,
        DiffId = layer.DiffId.ToString(),
        ChainId = layer.ChainId.ToString(),
        Size = layer.Usage.Bytes,
        Inodes = layer.Usage.Inodes,
        UncompressedSize = layer.ArchiveBytes,
        OpaqueRoot = layer.OpaqueRoot,
    };

    /// <summary>The file's bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LayerIdentityJson.Default.LayerIdentity);

    /// <summary>Reads the file; null where it is none of this shape.</summary>
    public static LayerIdentity? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LayerIdentityJson.Default.LayerIdentity);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Serialization that is made at compile time: no reflection at run time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LayerIdentity))]
internal sealed partial class LayerIdentityJson : JsonSerializerContext;
