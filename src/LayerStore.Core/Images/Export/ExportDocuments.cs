using System.Text.Json;
using LayerStore.Archives;
using LayerStore.Images.Formats;

namespace LayerStore.Images.Export;

/// <summary>The JSON documents of exports; the same images give the same bytes.</summary>
internal static class ExportDocuments
{
    /// <summary><c>oci-layout</c>.</summary>
    public static byte[] Layout => """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    /// <summary>The file of a docker-archive's layer.</summary>
    public static string DockerLayerName(Digest diffId) => $"{diffId.Hex}/layer.tar";

    /// <summary>The file of a docker-archive's configuration.</summary>
    public static string DockerConfigName(ExportedImage image) => $"{image.Id.Hex}.json";

    /// <summary>A docker-archive's <c>manifest.json</c>.</summary>
    public static byte[] DockerManifest(IReadOnlyList<ExportedImage> images) => JsonDocuments.Write(json =>
    {
        json.WriteStartArray();
        foreach (var image in images)
        {
            json.WriteStartObject();
            json.WriteString("Config", DockerConfigName(image));
            json.WriteStartArray("RepoTags");
            // Docker knows no names with a digest here. Whole names mean the same to everybody: podman takes a familiar one for one of localhost.
            foreach (var name in image.Names.Where(name => name.Digest is null))
                json.WriteStringValue(name.Canonical);
            json.WriteEndArray();
            json.WriteStartArray("Layers");
            foreach (var layer in image.Layers)
                json.WriteStringValue(DockerLayerName(layer.DiffId));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>An image's manifest.</summary>
    public static byte[] OciManifest(ExportedImage image, CompressionKind compression, IReadOnlyDictionary<Digest, ExportedBlob> blobs) => OciManifest(
        image, [.. image.Layers.Select(layer => blobs[layer.DiffId]).Select(blob => new Descriptor { MediaType = MediaTypes.LayerOf(compression), Digest = blob.Digest, Size = blob.Size })]);

    /// <summary>An image's manifest, each layer as its descriptor says.</summary>
    public static byte[] OciManifest(ExportedImage image, IReadOnlyList<Descriptor> layers) => JsonDocuments.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", MediaTypes.OciManifest);
        json.WritePropertyName("config");
        WriteDescriptor(json, MediaTypes.OciConfig, image.Id, image.Record.Config.Length);
        json.WriteStartArray("layers");
        foreach (var layer in layers)
            WriteDescriptor(json, layer.MediaType, layer.Digest, layer.Size);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>index.json</c>: an entry for each name of each image.</summary>
    public static byte[] OciIndex(IEnumerable<(ExportedImage Image, byte[] Manifest)> images) => JsonDocuments.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", MediaTypes.OciIndex);
        json.WriteStartArray("manifests");
        foreach (var (image, manifest) in images)
        {
            foreach (var name in image.Names.Cast<ImageReference?>().DefaultIfEmpty(null))
                WriteDescriptor(json, MediaTypes.OciManifest, JsonDocuments.DigestOf(manifest), manifest.Length, name);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteDescriptor(Utf8JsonWriter json, string mediaType, Digest digest, long size, ImageReference? name = null)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", mediaType);
        json.WriteString("digest", digest.ToString());
        json.WriteNumber("size", size);
        if (name is not null)
        {
            // containerd and Docker read the first, skopeo, podman and umoci the second.
            json.WriteStartObject("annotations");
            json.WriteString("io.containerd.image.name", name.Canonical);
            json.WriteString("org.opencontainers.image.ref.name", name.Canonical);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
