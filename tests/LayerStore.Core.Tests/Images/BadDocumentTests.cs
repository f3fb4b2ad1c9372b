using System.Text.Json.Nodes;
using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>Manifests, indexes, configurations and descriptors that are wrong or hostile: each is refused with its own id, and nothing is left in the store.</summary>
public sealed class BadDocumentTests : IDisposable
{
    private static readonly string Zeros = new('0', 64);

    private readonly ImportStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("not json", ErrorIds.ManifestInvalid)]
    [InlineData("", ErrorIds.ManifestInvalid)]
    [InlineData("{}", ErrorIds.ManifestInvalid)]
    [InlineData("[]", ErrorIds.ManifestInvalid)]
    [InlineData("[1]", ErrorIds.ManifestInvalid)]
    [InlineData("[null]", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"RepoTags":["a:1"],"Layers":[]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":7,"RepoTags":["a:1"],"Layers":[]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":["Not A Name"],"Layers":["LAYER"]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":"a:1","Layers":["LAYER"]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":null,"Layers":[]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":null,"Layers":["LAYER","LAYER"]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","Config":"CONFIG","RepoTags":null,"Layers":["LAYER"]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","manifests":[],"RepoTags":null,"Layers":["LAYER"]}]""", ErrorIds.ManifestInvalid)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":null,"Layers":["missing.tar"]}]""", ErrorIds.BlobMissing)]
    [InlineData("""[{"Config":"missing.json","RepoTags":null,"Layers":["LAYER"]}]""", ErrorIds.BlobMissing)]
    [InlineData("""[{"Config":"../../etc/passwd","RepoTags":null,"Layers":["LAYER"]}]""", ErrorIds.ArchiveUnsafePath)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":null,"Layers":["../../../../etc/passwd"]}]""", ErrorIds.ArchiveUnsafePath)]
    [InlineData("""[{"Config":"CONFIG","RepoTags":null,"Layers":["/etc/passwd"]}]""", ErrorIds.ArchiveUnsafePath)]
    public void A_wrong_manifest_of_a_docker_archive_is_refused(string manifest, string errorId)
    {
        var files = new ImageBuilder("a:1").Layer(("x", "y")).DockerFiles();
        files.Put("manifest.json", manifest
            .Replace("CONFIG", files.Names.First(name => name.EndsWith(".json", StringComparison.Ordinal)), StringComparison.Ordinal)
            .Replace("LAYER", files.Names.First(name => name.EndsWith("layer.tar", StringComparison.Ordinal)), StringComparison.Ordinal));

        files.WriteTar(_store["bad.tar"]);
        _store.ImportFails(_store["bad.tar"], errorId);
        files.WriteDirectory(_store["bad"]);
        _store.ImportFails(_store["bad"], errorId);
    }

    [Theory]
    [InlineData("not json", ErrorIds.ConfigInvalid)]
    [InlineData("[]", ErrorIds.ConfigInvalid)]
    [InlineData("{}", ErrorIds.ConfigInvalid)]
    [InlineData("""{"rootfs":{"type":"other","diff_ids":[]}}""", ErrorIds.ConfigInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":{}}}""", ErrorIds.ConfigInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":[7]}}""", ErrorIds.ConfigInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":["sha256:../../../../tmp/x"]}}""", ErrorIds.DigestInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":["sha512:00"]}}""", ErrorIds.DigestInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":["sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789"]}}""", ErrorIds.DigestInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":[]}}""", ErrorIds.ManifestInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":["ZEROS","ZEROS"]}}""", ErrorIds.ManifestInvalid)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":["ZEROS"]}}""", ErrorIds.LayerDigestMismatch)]
    [InlineData("""{"config":{"Labels":{"a":1}},"rootfs":{"type":"layers","diff_ids":["ZEROS"]}}""", ErrorIds.ConfigInvalid)]
    public void A_wrong_configuration_is_refused(string config, string errorId)
    {
        var files = new ImageBuilder("a:1").Layer(("x", "y")).DockerFiles();
        files.Put("config.json", config.Replace("ZEROS", "sha256:" + Zeros, StringComparison.Ordinal));
        files.ChangeJson("manifest.json", manifest => manifest[0]!["Config"] = "config.json");
        files.WriteTar(_store["bad.tar"]);

        _store.ImportFails(_store["bad.tar"], errorId);
    }

    [Fact]
    public void A_huge_or_deep_document_is_refused_before_it_is_parsed()
    {
        var files = new ImageBuilder("a:1").Layer(("x", "y")).DockerFiles();
        files.ChangeJson("manifest.json", manifest => manifest[0]!["Config"] = "config.json");
        files.Put("config.json", new byte[100_000_000]);
        files.WriteTar(_store["huge.tar"]);
        var error = _store.ImportFails(_store["huge.tar"], ErrorIds.ArchiveLimitExceeded);
        Assert.Contains("100000000", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ImportOptions.MaxConfigBytes), error.RecommendedAction, StringComparison.Ordinal);

        files.Put("config.json", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000));
        files.WriteTar(_store["deep.tar"]);
        _store.ImportFails(_store["deep.tar"], ErrorIds.ConfigInvalid);

        files.Put("manifest.json", "[" + new string(' ', 5_000_000) + "]");
        files.WriteTar(_store["manifest.tar"]);
        _store.ImportFails(_store["manifest.tar"], ErrorIds.ArchiveLimitExceeded);
    }

    [Fact]
    public void A_configuration_that_its_name_does_not_fit_is_refused()
    {
        var files = new ImageBuilder("a:1").Layer(("x", "y")).DockerFiles();
        files.Put(Zeros + ".json", files[files.Names.First(name => name.EndsWith(".json", StringComparison.Ordinal))]);
        files.ChangeJson("manifest.json", manifest => manifest[0]!["Config"] = Zeros + ".json");
        files.WriteTar(_store["bad.tar"]);

        Assert.Contains(Zeros, _store.ImportFails(_store["bad.tar"], ErrorIds.BlobDigestMismatch).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.json", "not json")]
    [InlineData("index.json", "[]")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[]}""")]
    [InlineData("index.json", """{"manifests":[]}""")]
    [InlineData("index.json", """{"schemaVersion":1,"manifests":[]}""")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[],"layers":[]}""")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[],"config":{}}""")]
    [InlineData("index.json", """{"schemaVersion":2,"mediaType":"text/plain","manifests":[]}""")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[{"mediaType":"text/plain","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":1}]}""")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":-1}]}""")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1}]}""")]
    [InlineData("index.json", """{"schemaVersion":2,"manifests":[7]}""")]
    [InlineData("oci-layout", """{"imageLayoutVersion":"2.0.0"}""")]
    [InlineData("oci-layout", "[]")]
    public void A_wrong_document_of_a_layout_is_refused(string name, string content)
    {
        var files = ImageBuilder.OciFiles(new ImageBuilder("a:1").Layer(("x", "y")));
        files.Put(name, content);
        files.WriteDirectory(_store["bad"]);

        _store.ImportFails(_store["bad"], ErrorIds.ManifestInvalid);
    }

    [Theory]
    [InlineData("sha256:../../../../tmp/x")]
    [InlineData("sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("sha256:00")]
    [InlineData("sha512:00000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("md5:0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    public void A_digest_that_is_none_is_refused_wherever_it_stands(string digest)
    {
        var image = new ImageBuilder("a:1").Layer(("x", "y"));
        image.ChangeManifest = manifest => manifest["layers"]![0]!["digest"] = digest;
        image.WriteOciArchive(_store["layer.tar"]);
        image.ChangeManifest = manifest => manifest["config"]!["digest"] = digest;
        image.WriteOciArchive(_store["config.tar"]);
        image.ChangeManifest = null;
        var files = ImageBuilder.OciFiles(image);
        files.ChangeJson("index.json", index => index["manifests"]![0]!["digest"] = digest);
        files.WriteTar(_store["manifest.tar"]);

        foreach (var name in (string[])["layer.tar", "config.tar", "manifest.tar"])
            _store.ImportFails(_store[name], ErrorIds.DigestInvalid);
    }

    [Fact]
    public void A_manifest_that_is_an_index_too_is_refused()
    {
        Spoilt(manifest => manifest["manifests"] = new JsonArray());
        Spoilt(manifest => manifest["fsLayers"] = new JsonArray());
        Spoilt(manifest => manifest["mediaType"] = ImageBuilder.OciIndex);
        Spoilt(manifest => manifest.Remove("config"));
        Spoilt(manifest => manifest["schemaVersion"] = 1);
        Spoilt(manifest => manifest["layers"]![0]!["mediaType"] = "text/plain");
        Spoilt(manifest => manifest["layers"]![0]!["mediaType"] = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted");
        Spoilt(manifest => manifest["config"]!["mediaType"] = "application/vnd.unknown.config.v1+json");
        Spoilt(manifest => ((JsonArray)manifest["layers"]!).Add(manifest["layers"]![0]!.DeepClone()));

        // One layer that is none among good ones counts too.
        Spoilt(manifest =>
        {
            var layer = manifest["layers"]![0]!.DeepClone();
            layer["mediaType"] = "text/plain";
            ((JsonArray)manifest["layers"]!).Add(layer);
        });
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")]
    public void A_layer_that_stands_elsewhere_is_refused_and_its_address_not_followed(string mediaType)
    {
        var error = Spoilt(manifest =>
        {
            manifest["layers"]![0]!["mediaType"] = mediaType;
            manifest["layers"]![0]!["urls"] = new JsonArray("http://127.0.0.1:1/layer");
        });

        Assert.Contains("never followed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("config")]
    [InlineData("layer")]
    public void A_blob_that_is_missing_altered_or_of_another_length_is_named_with_both_values(string which)
    {
        foreach (var kind in (CompressionKind[])[CompressionKind.None, CompressionKind.Gzip, CompressionKind.Zstd])
        {
            var image = new ImageBuilder("a:1") { Compression = kind }.Layer(("x", "0123456789"));
            var files = ImageBuilder.OciFiles(image);
            var manifest = "blobs/sha256/" + Hex(JsonNode.Parse(files["index.json"])!["manifests"]![0]!);
            var name = which switch
            {
                "manifest" => manifest,
                "config" => "blobs/sha256/" + Hex(JsonNode.Parse(files[manifest])!["config"]!),
                _ => "blobs/sha256/" + Hex(JsonNode.Parse(files[manifest])!["layers"]![0]!),
            };
            var content = files[name];

            var altered = (byte[])content.Clone();
            altered[altered.Length / 2] ^= 1;
            files.Put(name, altered);
            files.WriteTar(_store["altered.tar"]);
            var error = _store.ImportFails(_store["altered.tar"], ErrorIds.BlobDigestMismatch);
            Assert.Contains(name[^64..], error.Message, StringComparison.Ordinal);
            Assert.Contains(ImageBuilder.DigestOf(altered).Hex, error.Message, StringComparison.Ordinal);

            files.Put(name, [.. content, 0]);
            files.WriteTar(_store["longer.tar"]);
            error = _store.ImportFails(_store["longer.tar"], ErrorIds.BlobSizeMismatch);
            Assert.Contains($"{content.Length + 1}", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{content.Length}", error.Message, StringComparison.Ordinal);

            files.Put(name, content[..^1]);
            files.WriteTar(_store["shorter.tar"]);
            _store.ImportFails(_store["shorter.tar"], ErrorIds.BlobSizeMismatch);

            files.Remove(name);
            files.WriteTar(_store["missing.tar"]);
            _store.ImportFails(_store["missing.tar"], ErrorIds.BlobMissing);
        }
    }

    [Fact]
    public void Indexes_that_are_nested_too_deep_are_refused()
    {
        var files = new ArchiveFiles();
        var descriptor = new ImageBuilder("a:1").Layer(("x", "y")).PutOciManifest(files);
        for (var i = 0; i < 10; i++)
            descriptor = files.PutBlob(
                ImageBuilder.Bytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ImageBuilder.OciIndex, ["manifests"] = new JsonArray(descriptor) }),
                ImageBuilder.OciIndex);
        ImageBuilder.WithIndex(files, [descriptor]).WriteTar(_store["deep.tar"]);

        _store.ImportFails(_store["deep.tar"], ErrorIds.ArchiveLimitExceeded);
    }

    [Fact]
    public void A_nested_index_that_is_a_manifest_too_is_refused()
    {
        var files = new ArchiveFiles();
        var manifest = new ImageBuilder("a:1").Layer(("x", "y")).PutOciManifest(files);
        var index = files.PutBlob(
            ImageBuilder.Bytes(new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = ImageBuilder.OciIndex,
                ["manifests"] = new JsonArray(manifest),
                ["layers"] = new JsonArray(),
                ["config"] = new JsonObject(),
            }), ImageBuilder.OciIndex);
        ImageBuilder.WithIndex(files, [index]).WriteTar(_store["both.tar"]);

        _store.ImportFails(_store["both.tar"], ErrorIds.ManifestInvalid);
    }

    private StoreException Spoilt(Action<JsonObject> change)
    {
        new ImageBuilder("a:1") { ChangeManifest = change }.Layer(("x", "y")).WriteOciArchive(_store["spoilt.tar"]);
        return _store.ImportFails(_store["spoilt.tar"], ErrorIds.ManifestInvalid);
    }

    private static string Hex(JsonNode descriptor) => ((string)descriptor["digest"]!)["sha256:".Length..];
}
