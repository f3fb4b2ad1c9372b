using LayerStore.Archives;
using LayerStore.Images.Export;
using LayerStore.Images.Formats;
using LayerStore.Images.Transfer;

namespace LayerStore.Images;

// What goes from store to store, and single layers.
public sealed partial class ImageCollection
{
    /// <summary>
    /// Copies an image into another store: its documents and its layers, byte for byte as they came in here, each verified. Layers that the other store has are not read. Until the whole image is durable there, nothing
    /// of it is seen.
    /// </summary>
    /// <param name="destination">The other store's images; its driver may be another.</param>
    /// <param name="nameOrId">As for <see cref="Get"/>. Found by a name, the copy gets that name; by its id, none.</param>
    /// <param name="options">Limits, and how many layers are worked on at once; names and platforms in it are not looked at.</param>
    /// <param name="progress">As for <see cref="Import"/>.</param>
    /// <param name="cancellation">Stops at once; nothing stays.</param>
    /// <exception cref="StoreException">As for <see cref="Get"/>, <see cref="Import"/> and <see cref="Layers.LayerCollection.WriteArchive"/>.</exception>
    public ContainerImage CopyTo(
        ImageCollection destination, string nameOrId, ImportOptions? options = null, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(nameOrId);
        using var lease = _layers.NewLease();
        var image = TakeForExport([nameOrId], lease)[0];
        var layers = new StoredLayers(_driver, image.Layers);
        var archived = new ArchivedImage
        {
            Names = image.Names,
            Config = ImageConfig.Parse(image.Record.Config, image.Record.Id),
            Manifest = image.Record.Manifest,
            ManifestMediaType = image.Record.ManifestMediaType,
            ManifestDigest = image.Record.ManifestDigest is { } digest ? Digest.Parse(digest) : null,
            // A digest in the name was true here.
            IndexDigest = image.Names is [{ } name] ? name.Digest : null,
            Layers = layers.All,
        };
        return destination.ImportImage(layers, archived, options ?? new ImportOptions(), progress, cancellation);
    }

    /// <summary>
    /// Imports one layer by itself, without an image. It stays until it is removed (<see cref="Layers.LayerCollection.Remove"/>), whatever images come and go; one that the store has already is only kept from now on.
    /// </summary>
    /// <param name="path">The layer's archive: tar, plain, gzip or zstd; a pipe also serves.</param>
    /// <param name="options">What is below it, and which digest it must have.</param>
    /// <param name="progress">As for <see cref="Import"/>.</param>
    /// <param name="cancellation">Stops at once; nothing stays.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ArchiveNotFound"/>, <see cref="ErrorIds.LayerDigestMismatch"/>, <see cref="ErrorIds.DigestInvalid"/>, <see cref="ErrorIds.LayerNotFound"/> for a parent that is not there, and what a layer
    /// of an image can be refused for.
    /// </exception>
    public ContainerLayer ImportLayer(string path, LayerImportOptions? options = null, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _layers.Get(new LayerTransfer(_root, _layers, _driver).Import(path, options ?? new LayerImportOptions(), progress, cancellation).Value);
    }

    /// <summary>Writes a layer's archive into a file, byte for byte as it came in, verified. The file gets its name when everything is written.</summary>
    /// <param name="id">As for <see cref="Layers.LayerCollection.Get"/>.</param>
    /// <param name="path">The file, absolute.</param>
    /// <param name="compression">How it is compressed.</param>
    /// <param name="force">True to replace a file that has the name.</param>
    /// <param name="progress">Told about ten times a second.</param>
    /// <param name="cancellation">Stops within one buffer; nothing stays.</param>
    /// <exception cref="StoreException">As for <see cref="Layers.LayerCollection.WriteArchive"/>; <see cref="ErrorIds.ExportPathExists"/>, <see cref="ErrorIds.PathInvalid"/>, <see cref="ErrorIds.DiskFull"/>.</exception>
    public ContainerLayerArchive ExportLayer(
        string id, string path, CompressionKind compression = CompressionKind.None, bool force = false, IProgress<ExportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = Path.GetFullPath(path);
        ExportPath.Check(path, new ExportOptions { Force = force });
        return new LayerTransfer(_root, _layers, _driver).Export(id, path, compression, force, progress, cancellation);
    }
}
