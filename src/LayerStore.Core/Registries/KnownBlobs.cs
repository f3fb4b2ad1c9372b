using LayerStore.Images.Export;
using LayerStore.Images.Formats;
using LayerStore.Metadata;

namespace LayerStore.Registries;

/// <summary>The blobs as which layers are known to be somewhere: by the manifests that the store's images came with, and by the one that the registry has now.</summary>
internal sealed class KnownBlobs
{
    // A layer that came in many forms is asked for in a few of them only.
    private const int MaxOfOneLayer = 4;

    private readonly Dictionary<Digest, List<(Descriptor Blob, HashSet<string> Repositories)>> _blobs = [];

    private KnownBlobs()
    {
    }

    /// <summary>The layers of the image's own manifest, lowest first; null where it has none that describes it.</summary>
    public IReadOnlyList<Descriptor>? Original { get; private init; }

    /// <summary>Reads the manifests of the store.</summary>
    /// <param name="metadata">The store.</param>
    /// <param name="image">The image that is pushed; its own manifest counts first.</param>
    /// <param name="target">Where it goes: repositories of the same registry are noted.</param>
    public static KnownBlobs Of(StoreMetadata metadata, ExportedImage image, ImageReference target)
    {
        var known = new KnownBlobs { Original = LayersOf(image.Record.Manifest, image.Record.Config) };
        var names = metadata.Images.Names().ToLookup(name => name.Value, name => ImageReference.Parse(name.Key));
        foreach (var other in metadata.Images.List().OrderByDescending(other => other.Id == image.Record.Id))
        {
            if (LayersOf(other.Manifest, other.Config) is { } layers)
                known.Add(ImageConfig.Parse(other.Config, other.Id).DiffIds, layers, names[other.Id].Where(name => name.Domain == target.Domain).Select(name => name.Path));
        }
        return known;
    }

    /// <summary>Adds what a manifest and its configuration say; one that is no image's says nothing.</summary>
    public void Add(byte[] manifest, byte[] config, string repository)
    {
        if (LayersOf(manifest, config) is { } layers)
            Add(ImageConfig.Parse(config, repository).DiffIds, layers, [repository]);
    }

    /// <summary>The forms of a layer, the likeliest first, each with the repositories of the registry that may have it.</summary>
    public IReadOnlyList<(Descriptor Blob, HashSet<string> Repositories)> Of(Digest diffId) => _blobs.GetValueOrDefault(diffId) ?? [];

    private void Add(IReadOnlyList<Digest> diffIds, List<Descriptor> layers, IEnumerable<string> repositories)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            var forms = _blobs.TryGetValue(diffIds[i], out var list) ? list : _blobs[diffIds[i]] = [];
            var form = forms.Find(form => form.Blob.Digest == layers[i].Digest);
            if (form.Blob is null)
            {
                if (forms.Count == MaxOfOneLayer)
                    continue;
                form = (layers[i], new HashSet<string>(StringComparer.Ordinal));
                forms.Add(form);
            }
            form.Repositories.UnionWith(repositories);
        }
    }

    private static List<Descriptor>? LayersOf(byte[]? manifest, byte[] config)
    {
        if (manifest is null)
            return null;
        var json = JsonDocuments.Parse(manifest, "manifest", ArchiveFaults.ManifestInvalid);
        if (!json.IsObject || json.Object("config") is not { } descriptor || Descriptor.Read(descriptor).Digest != JsonDocuments.DigestOf(config))
            return null;
        var layers = json.Array("layers").Select(Descriptor.Read).ToList();
        return layers.Count == ImageConfig.Parse(config, "config").DiffIds.Count && layers.All(layer => MediaTypes.IsLayer(layer.MediaType)) ? layers : null;
    }
}
