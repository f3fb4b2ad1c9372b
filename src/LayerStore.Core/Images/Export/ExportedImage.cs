using LayerStore.Images.Formats;
using LayerStore.Metadata;

namespace LayerStore.Images.Export;

/// <summary>An image of an export.</summary>
/// <param name="Record">The image.</param>
/// <param name="Names">The names that it gets in the archive.</param>
/// <param name="Layers">Its layers, lowest first.</param>
internal sealed record ExportedImage(ImageRecord Record, IReadOnlyList<ImageReference> Names, IReadOnlyList<LayerRecord> Layers)
{
    /// <summary>The image's id.</summary>
    public Digest Id => Digest.Parse(Record.Id);

    /// <summary>
    /// The manifest that the image came with, where it describes the layers as they are written plain: then the manifest's digest stays what it was.
    /// </summary>
    public bool KeepsManifest(IReadOnlyDictionary<Digest, ExportedBlob> blobs)
    {
        if (Record.Manifest is not { } manifest || Record.ManifestMediaType != MediaTypes.OciManifest)
            return false;
        var json = JsonDocuments.Parse(manifest, Record.Id, ArchiveFaults.ManifestInvalid);
        if (json.Object("config") is not { } config || Descriptor.Read(config).Digest != Id)
            return false;
        var digests = json.Array("layers").Select(Descriptor.Read).Select(layer => layer.Digest);
        return digests.SequenceEqual(Layers.Select(layer => blobs[layer.DiffId].Digest));
    }
}
