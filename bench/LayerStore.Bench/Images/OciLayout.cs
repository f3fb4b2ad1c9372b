using System.Text.Json;

namespace LayerStore.Bench.Images;

/// <summary>Writes an OCI image layout directory with zstd layers.</summary>
internal static class OciLayout
{
    public static void Write(string folder, string reference, IReadOnlyList<string> layers, IReadOnlyList<string> blobs)
    {
        var store = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");

        var layerDescriptors = blobs.Select(blob =>
        {
            var digest = LayerDigest.OfFile(blob);
            File.Move(blob, Path.Combine(store, digest), overwrite: true);
            return Descriptor("application/vnd.oci.image.layer.v1.tar+zstd", digest, new FileInfo(Path.Combine(store, digest)).Length);
        }).ToList();

        var config = AddBlob(store, "application/vnd.oci.image.config.v1+json", ImageConfiguration.Write(layers.Select(LayerDigest.OfFile)));
        var manifest = AddBlob(store, "application/vnd.oci.image.manifest.v1+json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            config,
            layers = layerDescriptors,
        }));
        manifest["annotations"] = new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = reference };
        File.WriteAllBytes(Path.Combine(folder, "index.json"), JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, manifests = new[] { manifest } }));
    }

    private static Dictionary<string, object> AddBlob(string store, string mediaType, byte[] content)
    {
        var digest = LayerDigest.Of(content);
        File.WriteAllBytes(Path.Combine(store, digest), content);
        return Descriptor(mediaType, digest, content.Length);
    }

    private static Dictionary<string, object> Descriptor(string mediaType, string digest, long size) =>
        new() { ["mediaType"] = mediaType, ["digest"] = "sha256:" + digest, ["size"] = size };
}
