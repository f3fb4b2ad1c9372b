using LayerStore.Archives;
using LayerStore.Archives.TarSplit;
using LayerStore.Drivers;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>The archives that layers came in, made again byte for byte.</summary>
internal sealed class LayerArchive(IStorageDriver driver)
{
    /// <summary>Docker's name of the file.</summary>
    private const string TarSplitName = "tar-split.json.gz";

    /// <summary>Where a layer's tar-split stands.</summary>
    public static string TarSplitPath(IStorageDriver driver, LayerId id) => Path.Combine(driver.MetadataDirectory(id), TarSplitName);

    /// <summary>Writes a layer's uncompressed archive.</summary>
    /// <param name="layer">The layer, committed.</param>
    /// <param name="destination">Where it goes; not disposed. After a failure what went there is worth nothing.</param>
    /// <param name="cancellation">Stops within one buffer.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.LayerFileChanged"/> with the file; <see cref="ErrorIds.LayerDigestMismatch"/>; <see cref="ErrorIds.LayerNotExact"/> where the layer has no tar-split;
    /// <see cref="ErrorIds.LayerNotFound"/> where its files are gone.
    /// </exception>
    public void WriteTo(LayerRecord layer, Stream destination, CancellationToken cancellation)
    {
        var path = TarSplitPath(driver, layer.Id);
        using var directory = driver.OpenContents(layer.Id);
        using var contents = new LayerContents(directory.Handle);
        using var sink = new ArchiveSink(destination);
        try
        {
            new TarSplitAssembler(path, contents, layer.Id.Value[..12]).WriteTo(sink, cancellation);
        }
        catch (FileNotFoundException error)
        {
            throw new StoreException(
                ErrorIds.LayerNotExact, StoreErrorKind.NotFound, layer.Id.Value,
                $"The archive of the layer {layer.Id.Value[..12]} cannot be made again: '{Printable.Escape(path)}', which describes it, is not there.",
                "Remove the image and import it again: every import of this version keeps that file.", error);
        }
        var digest = sink.Finish();
        if (digest != layer.DiffId)
            throw new StoreException(
                ErrorIds.LayerDigestMismatch, StoreErrorKind.StoreDamaged, layer.DiffId.ToString(),
                $"The archive of the layer {layer.Id.Value[..12]} was made again and has the digest {digest}, not {layer.DiffId}.",
                "Remove what uses the layer and import the image again; nobody may write into a store's directory.");
    }
}
