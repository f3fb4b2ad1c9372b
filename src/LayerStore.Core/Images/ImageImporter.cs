using LayerStore.Drivers;
using LayerStore.Images.Formats;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>Brings images into the store, each as one commit group: all of its layers and the image become visible and durable together, or nothing does.</summary>
internal sealed class ImageImporter(
    ILayerSource source, StoreMetadata metadata, LayerCollection layers, IStorageDriver driver, ImportOptions options, IProgress<ImportProgress>? progress)
{
    /// <summary>Imports one image.</summary>
    /// <returns>Its record, the canonical names that it was given, and the ids of its layers, lowest first.</returns>
    public (ImageRecord Image, IReadOnlyList<string> Names, IReadOnlyList<string> Layers) Import(ArchivedImage image, CancellationToken cancellation)
    {
        CheckDigests(image);
        var names = image.Names.Select(name => name.Canonical).Distinct().ToList();
        using var ingest = layers.BeginIngest();
        var imports = Add(ingest, image, cancellation);
        new LayerExtraction(source, ingest, driver, options).Run(imports, cancellation);

        // From here on it is short, and half a commit helps nobody: no cancellation any more.
        cancellation.ThrowIfCancellationRequested();
        var record = RecordOf(image, imports.Count > 0 ? imports[^1].Target.Id : null, imports.Count);
        ingest.Commit(transaction =>
        {
            record = Insert(transaction, metadata, record, names);
        });
        foreach (var import in imports)
            import.Progress.Committed();
        return (record, names, [.. imports.Select(import => import.Target.Id.Value)]);
    }

    /// <summary>Writes an image with its names; gives it with its size.</summary>
    internal static ImageRecord Insert(MetadataTransaction transaction, StoreMetadata metadata, ImageRecord record, IReadOnlyList<string> names)
    {
        record = record with { Size = record.TopLayer is { } top ? metadata.Layers.Chain(top, transaction).Sum(layer => layer.Usage.Bytes) : 0 };
        ImageRecords.Insert(transaction, record);
        foreach (var name in names)
            ImageRecords.SetName(transaction, name, record.Id);
        return record;
    }

    private List<LayerImport> Add(LayerIngest ingest, ArchivedImage image, CancellationToken cancellation)
    {
        var imports = new List<LayerImport>(image.Layers.Count);
        var chains = new List<Digest>(image.Layers.Count);
        foreach (var layer in image.Layers)
            chains.Add(LayerIngest.ChainIdOf(chains.Count > 0 ? chains[^1] : null, layer.DiffId));
        // Layers that a container stands on have no archive here.
        ingest.FindLost(chains.Where((_, i) => image.Layers[i].Name.Length > 0));
        for (var i = 0; i < image.Layers.Count; i++)
        {
            var layer = image.Layers[i];
            var target = ingest.Add(chains[i], layer.DiffId, cancellation);
            var report = new LayerProgress(progress, image.DisplayName, layer.DiffId, i, image.Layers.Count, target.AlreadyExists);
            imports.Add(new LayerImport(layer, target, imports.LastOrDefault(), report, $"layer {i + 1} of {image.Layers.Count} of '{Printable.Escape(image.DisplayName)}'"));
        }
        return imports;
    }

    /// <summary>An image's record, without its size.</summary>
    internal static ImageRecord RecordOf(ArchivedImage image, LayerId? top, int layerCount) => new()
    {
        Id = image.Config.Id.ToString(),
        Config = image.Config.Content,
        Manifest = image.Manifest,
        ManifestMediaType = image.ManifestMediaType,
        ManifestDigest = image.ManifestDigest?.ToString(),
        Created = image.Config.Created,
        Size = 0,
        OperatingSystem = image.Config.Platform.OperatingSystem,
        Architecture = image.Config.ArchitectureAndVariant,
        TopLayer = top,
        LayerCount = layerCount,
        Imported = DateTime.UtcNow,
    };

    /// <summary>A name with a digest is a claim about the manifest.</summary>
    private static void CheckDigests(ArchivedImage image)
    {
        foreach (var name in image.Names)
            if (name.Digest is { } digest && digest != image.ManifestDigest && digest != image.IndexDigest)
                throw new StoreException(
                    ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, name.Familiar,
                    image.ManifestDigest is { } actual
                        ? $"The image cannot be named '{name.Familiar}': its manifest has the digest {actual}."
                        : $"The image cannot be named '{name.Familiar}': the archive has no manifest that a digest could be compared with.",
                    "Give a name without a digest.");
    }
}
