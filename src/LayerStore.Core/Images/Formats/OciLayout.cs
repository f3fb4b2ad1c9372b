namespace LayerStore.Images.Formats;

/// <summary>
/// An OCI layout (OCI image specification, image-layout.md) in a directory or a tar file: <c>oci-layout</c>, <c>index.json</c> and <c>blobs/</c>.
/// </summary>
internal sealed class OciLayout : ImageArchive
{
    /// <summary>The file that makes a directory a layout.</summary>
    public const string LayoutName = "oci-layout";

    /// <summary>The list of its images.</summary>
    public const string IndexName = "index.json";


    private readonly IReadOnlyList<OciImageEntry> _entries;

    private OciLayout(IBlobSource source, ImportOptions options, IReadOnlyList<OciImageEntry> entries)
        : base(source, options) => _entries = entries;

    /// <inheritdoc/>
    public override int Count => _entries.Count;

    /// <summary>True where both files of a layout are there.</summary>
    public static bool IsLayout(IBlobSource source)
    {
        using var layout = source.TryOpen(LayoutName);
        using var index = layout is null ? null : source.TryOpen(IndexName);
        return index is not null;
    }

    /// <summary>Reads the index and decides which images are meant.</summary>
    public static OciLayout Open(IBlobSource source, ImportOptions options, CancellationToken cancellation)
    {
        var layout = JsonDocuments.Parse(
            JsonDocuments.TryRead(source, LayoutName, options.MaxManifestBytes, nameof(ImportOptions.MaxManifestBytes))!, LayoutName, ArchiveFaults.ManifestInvalid);
        if (!layout.IsObject || layout.Text("imageLayoutVersion") is not { } version || !version.StartsWith("1.", StringComparison.Ordinal))
            throw layout.Fault("its 'imageLayoutVersion' is not 1.0.0");
        var index = JsonDocuments.Parse(
            JsonDocuments.TryRead(source, IndexName, options.MaxManifestBytes, nameof(ImportOptions.MaxManifestBytes))!, IndexName, ArchiveFaults.ManifestInvalid);
        OciDocument.Check(index, null, "manifests", "layers");
        var roots = index.Array("manifests").Select(Descriptor.Read).ToList();
        return new OciLayout(source, options, new OciSelection(source, options, cancellation).Select(roots));
    }

    /// <inheritdoc/>
    public override ArchivedImage Load(int index)
    {
        var entry = _entries[index];
        var manifest = OciManifest.Read(Source, entry.Manifest, Options);
        manifest.CheckLayers();
        return manifest.ToImage(
            JsonDocuments.ReadVerified(Source, manifest.Config, Options.MaxConfigBytes, nameof(ImportOptions.MaxConfigBytes)), entry.Names);
    }
}
