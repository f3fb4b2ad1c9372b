using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LayerStore.Archives;

namespace LayerStore.Tests.Support;

/// <summary>
/// Builds images for tests and writes them as a docker-archive, an OCI layout directory or an OCI archive, plain, gzip or zstd.
/// </summary>
/// <example><code>
/// new ImageBuilder("app:1.0").Layer(("etc/motd", "hello"), ("bin/x", "y")).Layer(l => l.Whiteout("etc/motd")).WriteDockerArchive(path);
/// </code></example>
public sealed class ImageBuilder
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json", OciIndex = "application/vnd.oci.image.index.v1+json",
        OciConfig = "application/vnd.oci.image.config.v1+json", OciLayer = "application/vnd.oci.image.layer.v1.tar",
        DockerManifest = "application/vnd.docker.distribution.manifest.v2+json", DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json",
        DockerConfig = "application/vnd.docker.container.image.v1+json", DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    private readonly List<byte[]> _layers = [];
    private readonly JsonArray _history = [];

    public ImageBuilder(params string[] names) => Names = [.. names];

    /// <summary>The names: RepoTags of a docker-archive, annotations of an OCI layout.</summary>
    public List<string> Names { get; }

    /// <summary>How the layers of an OCI layout are compressed (a docker-archive's are plain unless <see cref="CompressDockerLayers"/>).</summary>
    public CompressionKind Compression { get; set; }

    /// <summary>True to compress the layers of a docker-archive too.</summary>
    public bool CompressDockerLayers { get; set; }

    /// <summary>True for Docker's media types in an OCI layout instead of OCI's.</summary>
    public bool DockerMediaTypes { get; set; }

    public string Architecture { get; set; } = "amd64";

    public string? Variant { get; set; }

    public string Os { get; set; } = "linux";

    public string Created { get; set; } = "2023-11-14T22:13:20Z";

    public Dictionary<string, string> Labels { get; } = [];

    public List<string> Command { get; } = ["/bin/sh"];

    /// <summary>Changes the configuration before it is written.</summary>
    public Action<JsonObject>? ChangeConfig { get; set; }

    /// <summary>Changes the OCI manifest before it is written.</summary>
    public Action<JsonObject>? ChangeManifest { get; set; }

    /// <summary>The layers' uncompressed archives, lowest first.</summary>
    public IReadOnlyList<byte[]> Layers => _layers;

    /// <summary>The layers' DiffIDs, lowest first.</summary>
    public IReadOnlyList<Digest> DiffIds => [.. _layers.Select(DigestOf)];

    /// <summary>The image's id: the digest of its configuration.</summary>
    public string Id => DigestOf(ConfigJson()).ToString();

    public ImageBuilder Layer(params (string Path, string Content)[] files)
    {
        var content = new LayerContent();
        foreach (var (path, text) in files)
            content.File(path, text);
        return Layer(content);
    }

    public ImageBuilder Layer(Action<LayerContent> fill)
    {
        var content = new LayerContent();
        fill(content);
        return Layer(content);
    }

    public ImageBuilder Layer(LayerContent content) => RawLayer(content.ToTar());

    /// <summary>Adds a layer of any bytes.</summary>
    public ImageBuilder RawLayer(byte[] tar)
    {
        _layers.Add(tar);
        _history.Add((JsonNode)new JsonObject { ["created"] = Created, ["created_by"] = $"COPY layer {_layers.Count}", ["comment"] = "test" });
        return this;
    }

    /// <summary>Adds a step that makes no layer.</summary>
    public ImageBuilder EmptyStep(string createdBy)
    {
        _history.Add((JsonNode)new JsonObject { ["created"] = Created, ["created_by"] = createdBy, ["empty_layer"] = true });
        return this;
    }

    public byte[] ConfigJson()
    {
        var config = new JsonObject
        {
            ["architecture"] = Architecture,
            ["os"] = Os,
            ["created"] = Created,
            ["config"] = new JsonObject
            {
                ["Cmd"] = new JsonArray([.. Command.Select(word => (JsonNode)word)]),
                ["Labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. DiffIds.Select(id => (JsonNode)id.ToString())]) },
            ["history"] = _history.DeepClone(),
        };
        if (Variant is not null)
            config["variant"] = Variant;
        ChangeConfig?.Invoke(config);
        return Bytes(config);
    }

    /// <summary>Writes <c>docker save</c>'s format.</summary>
    public void WriteDockerArchive(string path) => WriteDockerArchive(path, this);

    /// <summary>Writes several images into one docker-archive.</summary>
    public static void WriteDockerArchive(string path, params ImageBuilder[] images)
    {
        var files = new ArchiveFiles();
        var manifest = new JsonArray();
        foreach (var image in images)
        {
            var config = image.ConfigJson();
            var configName = DigestOf(config).Hex + ".json";
            files.Put(configName, config);
            var layers = new JsonArray();
            foreach (var layer in image._layers)
            {
                var name = DigestOf(layer).Hex + "/layer.tar";
                files.Put(name, image.CompressDockerLayers ? Compress(layer, image.Compression) : layer);
                layers.Add((JsonNode)name);
            }
            manifest.Add((JsonNode)new JsonObject
            {
                ["Config"] = configName,
                ["RepoTags"] = new JsonArray([.. image.Names.Select(name => (JsonNode)name)]),
                ["Layers"] = layers,
            });
        }
        files.Put("manifest.json", Bytes(manifest));
        files.WriteTar(path);
    }

    /// <summary>The files of a docker-archive, to be changed before they are written.</summary>
    public ArchiveFiles DockerFiles()
    {
        var path = Path.GetTempFileName();
        try
        {
            WriteDockerArchive(path);
            return ArchiveFiles.ReadTar(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes an OCI archive: a layout in a tar file.</summary>
    public void WriteOciArchive(string path) => OciFiles(this).WriteTar(path);

    /// <summary>Writes an OCI layout directory.</summary>
    public void WriteOciLayout(string directory) => OciFiles(this).WriteDirectory(directory);

    /// <summary>The files of an OCI layout with these images, each once under each of its names.</summary>
    public static ArchiveFiles OciFiles(params ImageBuilder[] images)
    {
        var files = new ArchiveFiles();
        var manifests = new JsonArray();
        foreach (var image in images)
        {
            foreach (var name in image.Names.Cast<string?>().DefaultIfEmpty(null))
            {
                var descriptor = image.PutOciManifest(files);
                if (name is not null)
                    descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name };
                manifests.Add((JsonNode)descriptor);
            }
        }
        return WithIndex(files, manifests);
    }

    /// <summary>The files of an OCI layout whose one entry is a nested index of these images by platform, under the given name.</summary>
    public static ArchiveFiles OciFilesOfPlatforms(string? name, params ImageBuilder[] images)
    {
        var files = new ArchiveFiles();
        var children = new JsonArray();
        foreach (var image in images)
        {
            var child = image.PutOciManifest(files);
            var platform = new JsonObject { ["os"] = image.Os, ["architecture"] = image.Architecture };
            if (image.Variant is not null)
                platform["variant"] = image.Variant;
            child["platform"] = platform;
            children.Add((JsonNode)child);
        }
        var type = images[0].DockerMediaTypes ? DockerManifestList : OciIndex;
        var descriptor = files.PutBlob(Bytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = type, ["manifests"] = children }), type);
        if (name is not null)
            descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = name };
        return WithIndex(files, [descriptor]);
    }

    /// <summary>Adds <c>oci-layout</c> and <c>index.json</c>.</summary>
    public static ArchiveFiles WithIndex(ArchiveFiles files, JsonArray manifests)
    {
        files.Put("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
        files.Put("index.json", Bytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = OciIndex, ["manifests"] = manifests }));
        return files;
    }

    /// <summary>Adds the image's blobs to an OCI layout; returns the descriptor of its manifest.</summary>
    public JsonObject PutOciManifest(ArchiveFiles files)
    {
        var suffix = (Compression, DockerMediaTypes) switch
        {
            (CompressionKind.Gzip, false) => "+gzip",
            (CompressionKind.Gzip, true) => ".gzip",
            (CompressionKind.Zstd, false) => "+zstd",
            (CompressionKind.Zstd, true) => ".zstd",
            _ => "",
        };
        var layers = new JsonArray([.. _layers.Select(layer =>
            (JsonNode)files.PutBlob(Compress(layer, Compression), (DockerMediaTypes ? DockerLayer : OciLayer) + suffix))]);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = DockerMediaTypes ? DockerManifest : OciManifest,
            ["config"] = files.PutBlob(ConfigJson(), DockerMediaTypes ? DockerConfig : OciConfig),
            ["layers"] = layers,
        };
        ChangeManifest?.Invoke(manifest);
        return files.PutBlob(Bytes(manifest), DockerMediaTypes ? DockerManifest : OciManifest);
    }

    public static Digest DigestOf(byte[] content) => Digest.FromSha256(SHA256.HashData(content));

    public static byte[] Bytes(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());

    public static byte[] Compress(byte[] content, CompressionKind kind)
    {
        if (kind == CompressionKind.None)
            return content;
        using var result = new MemoryStream();
        using (Stream compressor = kind == CompressionKind.Gzip
            ? new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true)
            : new ZstdSharp.CompressionStream(result, leaveOpen: true))
            compressor.Write(content);
        return result.ToArray();
    }
}
