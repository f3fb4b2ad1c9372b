using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LayerStore.Images;
using LayerStore.Images.Formats;
using LayerStore.Images.Making;
using LayerStore.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Tests.Fuzzing;

/// <summary>
/// Manifests, indexes and configurations, in a docker-archive and in an OCI layout; the digests of what names the damaged one fit again. A configuration that is taken must serve for all that comes
/// later: another image can be made of it.
/// </summary>
internal sealed class DocumentTarget : FuzzTarget
{
    private static readonly ImageBuilder s_image = MakeImage();

    private static readonly string[] s_refusals =
    [
        ErrorIds.ManifestInvalid, ErrorIds.ConfigInvalid, ErrorIds.DigestInvalid, ErrorIds.BlobMissing, ErrorIds.BlobSizeMismatch, ErrorIds.BlobDigestMismatch, ErrorIds.ArchiveUnsafePath,
        ErrorIds.ArchiveLimitExceeded, ErrorIds.ArchiveUnrecognized, ErrorIds.ImagePlatformNotFound,
    ];

    // Which document an input is: its first byte.
    private enum Kind
    {
        DockerManifest,
        DockerConfig,
        Index,
        Manifest,
        Config,
        Layout,
    }

    public override byte[] Make(Random random)
    {
        var kind = (Kind)random.Next(6);
        var document = Documents()[kind];
        if (random.Next(2) == 0)
            document = ChangeNode(random, document);
        return [(byte)kind, .. random.Next(3) > 0 ? Mutator.Bytes(random, document) : document];
    }

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        var kind = (Kind)(input[0] % 6);
        using var source = new MemorySource(Archive(kind, input[1..]));
        _ = MayRefuse(
            () =>
            {
                var options = new ImportOptions();
                using ImageArchive archive = kind is Kind.DockerManifest or Kind.DockerConfig
                    ? DockerArchive.Open(source, JsonDocuments.TryRead(source, "manifest.json", options.MaxManifestBytes, "limit")!, options)
                    : OciLayout.Open(source, options, CancellationToken.None);
                for (var index = 0; index < Math.Min(10, archive.Count); index++)
                    MakeAnother(archive.Load(index).Config);
            },
            s_refusals);
    }

    /// <summary>What a commit does to a configuration.</summary>
    private static void MakeAnother(ImageConfig config)
    {
        var editor = new ConfigEditor(config.Content, config.Platform);
        editor.Change(["CMD x", "ENV A=1", "LABEL k=v", "EXPOSE 80", "VOLUME /v", "WORKDIR w", "USER u", "ENTRYPOINT [\"e\"]", "ONBUILD RUN x", "STOPSIGNAL TERM", "HEALTHCHECK NONE"]);
        editor.SetLayers([.. config.DiffIds, config.Id], new ImageConfigStep(DateTime.UnixEpoch, "by", "comment", EmptyLayer: false), "author", replacesAll: false);
        var made = ImageConfig.Parse(editor.ToJson(), "made");
        Demand(made.DiffIds.Count == config.DiffIds.Count + 1 && made.Labels["k"] == "v" && made.History.Count == config.History.Count + 1, "an image can be made of the one that was taken");
    }

    private static Dictionary<Kind, byte[]> Documents()
    {
        var docker = s_image.DockerFiles();
        var layout = ImageBuilder.OciFiles(s_image);
        var (index, manifest) = Layout(layout);
        return new()
        {
            [Kind.DockerManifest] = docker["manifest.json"],
            [Kind.DockerConfig] = s_image.ConfigJson(),
            [Kind.Index] = index,
            [Kind.Manifest] = layout[manifest],
            [Kind.Config] = s_image.ConfigJson(),
            [Kind.Layout] = layout["oci-layout"],
        };
    }

    private static (byte[] Index, string Manifest) Layout(ArchiveFiles layout)
    {
        var index = layout["index.json"];
        return (index, "blobs/sha256/" + ((string)JsonNode.Parse(index)!["manifests"]![0]!["digest"]!)["sha256:".Length..]);
    }

    /// <summary>An archive with the damaged document in its place.</summary>
    private static ArchiveFiles Archive(Kind kind, byte[] document)
    {
        if (kind is Kind.DockerManifest or Kind.DockerConfig)
        {
            var docker = s_image.DockerFiles();
            if (kind == Kind.DockerManifest)
                docker["manifest.json"] = document;
            else
            {
                docker["config"] = document;
                docker.ChangeJson("manifest.json", manifest => manifest[0]!["Config"] = "config");
            }
            return docker;
        }
        var layout = ImageBuilder.OciFiles(s_image);
        var manifestName = Layout(layout).Manifest;
        if (kind == Kind.Index)
            layout["index.json"] = document;
        else if (kind == Kind.Layout)
            layout["oci-layout"] = document;
        else
        {
            var manifest = kind == Kind.Manifest ? document : layout[manifestName];
            if (kind == Kind.Config)
            {
                var node = JsonNode.Parse(manifest)!;
                node["config"] = layout.PutBlob(document, ImageBuilder.OciConfig);
                manifest = ImageBuilder.Bytes(node);
            }
            var descriptor = layout.PutBlob(manifest, ImageBuilder.OciManifest);
            layout.ChangeJson("index.json", index => index["manifests"]![0] = descriptor);
        }
        return layout;
    }

    private static ImageBuilder MakeImage()
    {
        var image = new ImageBuilder("shop:1.0", "other:2") { ChangeConfig = config => ((JsonObject)config["config"]!)["Env"] = new JsonArray("A=b") };
        image.Labels["k"] = "v";
        return image.Layer(("a", "1")).EmptyStep("CMD").Layer(("b", "2"));
    }

    /// <summary>Puts something else in the place of one value, or a value more beside it.</summary>
    private static byte[] ChangeNode(Random random, byte[] document)
    {
        string[] values = ["null", "{}", "[]", "0", "-1", "1e400", "99999999999999999999", "\"\"", "\"x\"", "true", "[null]", "[[]]", "{\"\":{}}", "\"sha256:x\"", "\"9999-12-31T23:59:59Z\"", "\"0000-00-00\"", "\"LONE\"", "\"\\u0000\""];
        var root = JsonNode.Parse(document)!;
        var all = new List<JsonNode>();
        Collect(root);
        var node = all[random.Next(all.Count)];
        var value = JsonNode.Parse(values[random.Next(values.Length)]);
        switch (node)
        {
            case JsonObject fields when fields.Count > 0:
                fields[random.Next(3) == 0 ? "more" : fields.ElementAt(random.Next(fields.Count)).Key] = value;
                break;
            case JsonArray items when items.Count > 0:
                items[random.Next(items.Count)] = value;
                break;
            case JsonArray items:
                items.Add(value);
                break;
        }
        // A lone surrogate is nothing that could be written otherwise.
        var text = root.ToJsonString(new JsonSerializerOptions { WriteIndented = random.Next(2) == 0 }).Replace("LONE", "\\ud800", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);

        void Collect(JsonNode? at)
        {
            if (at is null)
                return;
            all.Add(at);
            foreach (var child in at switch { JsonObject fields => fields.Select(field => field.Value), JsonArray items => items, _ => [] })
                Collect(child);
        }
    }

    /// <summary>The files of an archive one behind the other in one unnamed file.</summary>
    private sealed class MemorySource : IBlobSource
    {
        private readonly Dictionary<string, (long At, int Length)> _places = [];
        private readonly SafeFileHandle _file;

        public MemorySource(ArchiveFiles files)
        {
            _file = File.OpenHandle($"/dev/shm/layerstore-fuzz-{Guid.NewGuid():N}", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            long at = 0;
            foreach (var name in files.Names)
            {
                RandomAccess.Write(_file, files[name], at);
                _places[name] = (at, files[name].Length);
                at += files[name].Length;
            }
        }

        public string Path => "memory";

        public BlobStream? TryOpen(string name)
        {
            if (!BlobName.IsSafe(name))
                throw ArchiveFaults.UnsafePath(name, "leads out of the archive");
            return _places.TryGetValue(name, out var place) ? new BlobStream(_file, place.At, place.Length, name, ownsFile: false) : null;
        }

        public void Dispose() => _file.Dispose();
    }
}
