using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests.Errors;

/// <summary>Writes images that are broken in exactly one way.</summary>
internal static class BrokenImages
{
    /// <summary>A layer of one file.</summary>
    internal static byte[] Layer(string name = "f", TarEntryType type = TarEntryType.RegularFile) => Tar((name, type, "content"u8.ToArray()));

    internal static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return result.ToArray();
    }

    /// <summary>What <c>docker save</c> writes, of one layer, with the parts that are given instead of the right ones.</summary>
    internal static string Saved(string path, byte[] layer, string? diffId = null, string? config = null, string? manifest = null, bool withLayer = true)
    {
        config ??= new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(diffId ?? "sha256:" + Hash(layer)) },
        }.ToJsonString();
        manifest ??= """[{"Config":"config.json","RepoTags":["broken:1"],"Layers":["layer.tar"]}]""";
        var entries = new List<(string, TarEntryType, byte[])> { ("manifest.json", TarEntryType.RegularFile, Encoding.UTF8.GetBytes(manifest)), ("config.json", TarEntryType.RegularFile, Encoding.UTF8.GetBytes(config)) };
        if (withLayer)
            entries.Add(("layer.tar", TarEntryType.RegularFile, layer));
        File.WriteAllBytes(path, Tar([.. entries]));
        return path;
    }

    /// <summary>An OCI layout of one image of one layer; <paramref name="change"/> may spoil the descriptor of the layer.</summary>
    internal static string Layout(string path, Action<JsonObject>? change = null)
    {
        var layer = Layer();
        var blobs = Directory.CreateDirectory(Path.Combine(path, "blobs", "sha256")).FullName;
        JsonObject Blob(string type, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(blobs, Hash(content)), content);
            return new JsonObject { ["mediaType"] = type, ["digest"] = "sha256:" + Hash(content), ["size"] = content.Length };
        }
        var described = Blob("application/vnd.oci.image.layer.v1.tar", layer);
        change?.Invoke(described);
        var manifest = Blob("application/vnd.oci.image.manifest.v1+json", Json(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["config"] = Blob("application/vnd.oci.image.config.v1+json", Json(new JsonObject
            {
                ["architecture"] = "amd64",
                ["os"] = "linux",
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray("sha256:" + Hash(layer)) },
            })),
            ["layers"] = new JsonArray(described),
        }));
        manifest["platform"] = new JsonObject { ["architecture"] = "amd64", ["os"] = "linux" };
        manifest["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "broken:1" };
        File.WriteAllBytes(Path.Combine(path, "index.json"), Json(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(manifest) }));
        File.WriteAllText(Path.Combine(path, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        return path;
    }

    /// <summary>An image of more layers than overlayfs stacks.</summary>
    internal static string Deep(string path, int layers) =>
        SavedImage.Write(path, "deep:1", Enumerable.Range(0, layers).Select(number => new Dictionary<string, string> { [$"f{number}"] = "x" }));

    internal static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    internal static byte[] Json(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);

    private static byte[] Tar(params ReadOnlySpan<(string Name, TarEntryType Type, byte[] Content)> entries)
    {
        using var result = new MemoryStream();
        using (var writer = new TarWriter(result, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, type, content) in entries)
            {
                // The same bytes, and the same digest, whenever they are asked for.
                var entry = new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = (UnixFileMode)0x1a4, ModificationTime = DateTimeOffset.UnixEpoch };
                writer.WriteEntry(entry);
                if (type == TarEntryType.RegularFile)
                    continue;
                // TarWriter refuses kinds that no system has; the header's checksum is made again.
                writer.Dispose();
                var bytes = result.ToArray();
                bytes[156] = (byte)type;
                bytes.AsSpan(148, 8).Fill((byte)' ');
                Encoding.ASCII.GetBytes(Convert.ToString(bytes.Take(512).Sum(value => value), 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, 148);
                return bytes;
            }
        }
        return result.ToArray();
    }
}
