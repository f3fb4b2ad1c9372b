namespace LayerStore.Images.Formats;

/// <summary>An image as an archive holds it, its documents verified, its layers not yet read.</summary>
internal sealed record ArchivedImage
{
    /// <summary>The names that the archive gives it.</summary>
    public required IReadOnlyList<ImageReference> Names { get; init; }

    /// <summary>The configuration.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>The manifest, byte for byte; null for a docker-archive, which has none of its own.</summary>
    public byte[]? Manifest { get; init; }

    /// <summary>The manifest's media type.</summary>
    public string? ManifestMediaType { get; init; }

    /// <summary>The manifest's digest.</summary>
    public Digest? ManifestDigest { get; init; }

    /// <summary>The digest of the index that the manifest was chosen from, where its names are the index's; null elsewhere.</summary>
    public Digest? IndexDigest { get; init; }

    /// <summary>The layers, lowest first.</summary>
    public required IReadOnlyList<ArchivedLayer> Layers { get; init; }

    /// <summary>The first name, or the id.</summary>
    public string DisplayName => Names.Count > 0 ? Names[0].Familiar : Config.Id.ToString();
}
