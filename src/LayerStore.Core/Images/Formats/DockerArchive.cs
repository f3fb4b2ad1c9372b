namespace LayerStore.Images.Formats;

/// <summary>
/// What <c>docker save</c> writes: <c>manifest.json</c>, an array with one object an image (<c>Config</c>, <c>RepoTags</c>, <c>Layers</c>), and the files that it names.
/// Layers may be compressed, as other tools write them.
/// </summary>
internal sealed class DockerArchive : ImageArchive
{
    /// <summary>The file that makes an archive a docker-archive.</summary>
    public const string ManifestName = "manifest.json";

    private readonly List<Entry> _entries;

    private DockerArchive(IBlobSource source, ImportOptions options, List<Entry> entries)
        : base(source, options) => _entries = entries;

    /// <inheritdoc/>
    public override int Count => _entries.Count;

    /// <summary>Reads <c>manifest.json</c>.</summary>
    public static DockerArchive Open(IBlobSource source, byte[] manifest, ImportOptions options)
    {
        var json = JsonDocuments.Parse(manifest, ManifestName, ArchiveFaults.ManifestInvalid);
        if (json.Has("schemaVersion"))
            throw ArchiveFaults.Unrecognized(source.Path,
                "its 'manifest.json' is a registry's manifest, as skopeo's directory format has it; turn it into a layout with 'skopeo copy dir:… oci:…'");
        if (!json.IsArray)
            throw json.Fault("it is not an array of images");
        // One image that is listed twice is one image with more names.
        var entries = json.Elements().Select(Entry.Read)
            .GroupBy(entry => string.Join('\0', [entry.Config, .. entry.Layers]))
            .Select(same => same.First() with { Names = [.. same.SelectMany(entry => entry.Names).Distinct()] })
            .ToList();
        return entries.Count > 0 ? new DockerArchive(source, options, entries) : throw json.Fault("it lists no image");
    }

    /// <inheritdoc/>
    public override ArchivedImage Load(int index)
    {
        var entry = _entries[index];
        var content = JsonDocuments.TryRead(Source, entry.Config, Options.MaxConfigBytes, nameof(ImportOptions.MaxConfigBytes))
            ?? throw ArchiveFaults.BlobMissing(Source.Path, entry.Config);
        var config = ImageConfig.Parse(content, entry.Config);
        if (BlobName.ClaimedDigest(entry.Config) is { } claimed && claimed != config.Id)
            throw ArchiveFaults.DigestMismatch(entry.Config, claimed, config.Id);
        config.CheckCount(entry.Layers.Count, ManifestName);
        if (Options.Platform is { } wanted && Platform.Parse(wanted) != config.Platform)
            throw ArchiveFaults.PlatformNotFound(entry.Names.Count > 0 ? entry.Names[0].Familiar : config.Id.ToString(), wanted, [config.Platform.ToString()]);
        return new ArchivedImage
        {
            Names = entry.Names,
            Config = config,
            Layers = [.. entry.Layers.Select((name, i) => new ArchivedLayer(config.DiffIds[i], name, BlobName.ClaimedDigest(name), null))],
        };
    }

    /// <summary>One element of <c>manifest.json</c>.</summary>
    private sealed record Entry(string Config, IReadOnlyList<ImageReference> Names, IReadOnlyList<string> Layers)
    {
        public static Entry Read(JsonPart json)
        {
            if (!json.IsObject)
                throw json.Fault("it holds something else than images");
            if (json.Has("manifests") || json.Has("layers"))
                throw json.Fault("it mixes docker's format with OCI's");
            return new Entry(File(json, json.RequiredText("Config")), References(json), [.. json.Texts("Layers").Select(name => File(json, name))]);
        }

        private static string File(JsonPart json, string name) =>
            BlobName.IsSafe(name) ? name : throw ArchiveFaults.UnsafePath(name, $"in '{json.Document}' leads out of the archive");

        private static List<ImageReference> References(JsonPart json)
        {
            var names = new List<ImageReference>();
            foreach (var text in json.Texts("RepoTags"))
            {
                // Docker writes this for an image without a name.
                if (text == "<none>:<none>")
                    continue;
                if (!ImageReference.TryParse(text, out var name, out var reason))
                    throw json.Fault($"it names an image '{Printable.Escape(text)}', which is no reference: {reason}");
                names.Add(name);
            }
            return names;
        }
    }
}
