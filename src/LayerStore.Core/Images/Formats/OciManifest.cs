namespace LayerStore.Images.Formats;

/// <summary>An image manifest (OCI image specification, manifest.md; Docker's schema 2 has the same form).</summary>
internal sealed record OciManifest
{
    /// <summary>The document, byte for byte.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Its descriptor.</summary>
    public required Descriptor Descriptor { get; init; }

    /// <summary>Its media type.</summary>
    public required string MediaType { get; init; }

    /// <summary>The configuration.</summary>
    public required Descriptor Config { get; init; }

    /// <summary>The layers, lowest first.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }

    /// <summary>
    /// Why it is no container image but some other artifact (a signature, a chart); null for an image. Artifacts beside images are passed over.
    /// </summary>
    public string? ReasonNoImage { get; init; }

    /// <summary>Reads and verifies a manifest.</summary>
    public static OciManifest Read(IBlobSource source, Descriptor descriptor, ImportOptions options) =>
        Parse(JsonDocuments.ReadVerified(source, descriptor, options.MaxManifestBytes, nameof(ImportOptions.MaxManifestBytes)), descriptor);

    /// <summary>Reads a manifest whose size and digest were verified.</summary>
    public static OciManifest Parse(byte[] content, Descriptor descriptor)
    {
        var json = JsonDocuments.Parse(content, BlobName.OfBlob(descriptor.Digest), ArchiveFaults.ManifestInvalid);
        var type = OciDocument.Check(json, descriptor, "layers", "manifests");
        if (json.Object("config") is not { } config)
            throw json.Fault("'config' is missing");
        var manifest = new OciManifest
        {
            Content = content,
            Descriptor = descriptor,
            MediaType = type,
            Config = Descriptor.Read(config),
            Layers = [.. json.Array("layers").Select(Descriptor.Read)],
        };
        return manifest with { ReasonNoImage = Judge(manifest) };
    }

    /// <summary>Refuses layers that are none, or that stand elsewhere.</summary>
    public void CheckLayers()
    {
        foreach (var layer in Layers)
        {
            if (MediaTypes.IsLayer(layer.MediaType))
                continue;
            throw ArchiveFaults.ManifestInvalid(BlobName.OfBlob(Descriptor.Digest), MediaTypes.IsForeignLayer(layer.MediaType)
                ? $"its layer {layer.Digest} is not in the archive but to be downloaded from elsewhere ({layer.MediaType}); such addresses are never followed"
                : $"its layer {layer.Digest} has the media type '{Printable.Escape(layer.MediaType)}', which is no layer that is known");
        }
    }

    /// <summary>The image that this manifest and its configuration make.</summary>
    /// <param name="config">The configuration, its size and digest verified.</param>
    /// <param name="names">The image's names.</param>
    public ArchivedImage ToImage(byte[] config, IReadOnlyList<ImageReference> names)
    {
        var parsed = ImageConfig.Parse(config, BlobName.OfBlob(Config.Digest));
        parsed.CheckCount(Layers.Count, BlobName.OfBlob(Descriptor.Digest));
        return new ArchivedImage
        {
            Names = names,
            Config = parsed,
            Manifest = Content,
            ManifestMediaType = MediaType.Length > 0 ? MediaType : MediaTypes.OciManifest,
            ManifestDigest = Descriptor.Digest,
            Layers = [.. Layers.Select((layer, i) => new ArchivedLayer(parsed.DiffIds[i], BlobName.OfBlob(layer.Digest), layer.Digest, layer.Size))],
        };
    }

    private static string? Judge(OciManifest manifest)
    {
        if (!MediaTypes.IsConfig(manifest.Config.MediaType))
            return $"its configuration has the media type '{Printable.Escape(manifest.Config.MediaType)}', which is no container image's";
        // Signatures borrow the configuration's type and have layers of their own kind.
        if (manifest.Layers.Count > 0 && !manifest.Layers.Any(layer => MediaTypes.IsLayer(layer.MediaType) || MediaTypes.IsForeignLayer(layer.MediaType)))
            return $"its layers have the media type '{Printable.Escape(manifest.Layers[0].MediaType)}', which is no layer that is known";
        return null;
    }
}
