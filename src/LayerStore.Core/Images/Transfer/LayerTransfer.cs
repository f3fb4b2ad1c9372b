using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Images.Export;
using LayerStore.Images.Formats;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images.Transfer;

/// <summary>Single layers, to and from files.</summary>
internal sealed class LayerTransfer(string root, LayerCollection layers, IStorageDriver driver)
{
    /// <summary>As <see cref="ImageCollection.ImportLayer"/>.</summary>
    public LayerId Import(string path, LayerImportOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var expected = options.ExpectedDigest is { } text ? Digest.Parse(text) : (Digest?)null;
        var below = options.Parent is { } parent ? layers.Get(layers.FindLayer(parent).Value) : null;
        using var file = LayerFile.Open(path, root, options.Limits, cancellation);
        if (expected is { } digest)
            file.Verify(digest, cancellation);

        using var ingest = layers.BeginIngest();
        var imports = new List<LayerImport>(2);
        var chain = LayerIngest.ChainIdOf(below is null ? null : Digest.Parse(below.ChainId), file.DiffId);
        ingest.FindLost(below is null ? [chain] : [Digest.Parse(below.ChainId), chain]);
        if (below is not null)
            imports.Add(Join(ingest, Digest.Parse(below.ChainId), Digest.Parse(below.DiffId), path, null, progress: null, cancellation));
        if (imports is [{ Target.AlreadyExists: false }])
            throw new StoreException(ErrorIds.LayerNotFound, StoreErrorKind.NotFound, options.Parent,
                $"The layer '{Printable.Escape(options.Parent)}' is not there any more: it was removed meanwhile, or somebody deleted its files.", "Import it again, or choose another parent.");
        imports.Add(Join(ingest, chain, file.DiffId, path, imports.LastOrDefault(), progress, cancellation));
        new LayerExtraction(file, ingest, driver, new ImportOptions { Limits = options.Limits }).Run(imports, cancellation);

        // From here on it is short, and half a commit helps nobody: no cancellation any more.
        cancellation.ThrowIfCancellationRequested();
        var made = imports[^1];
        ingest.Commit(transaction => LayerRecords.SetKept(transaction, made.Target.Id, kept: true));
        made.Progress.Committed();
        return made.Target.Id;
    }

    /// <summary>As <see cref="ImageCollection.ExportLayer"/>.</summary>
    public ContainerLayerArchive Export(
        string id, string path, CompressionKind compression, bool force, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        using var lease = layers.NewLease();
        var layer = layers.TakeForExport(id, lease);
        Digest digest = default;
        // Compressed in here: a blob that was kept is compressed already, and the digest is that of what the file holds.
        var size = ArchiveFile.Write(path, mode: 0x1B6, CompressionKind.None, force, stream =>
        {
            using var digested = new DigestingStream(stream);
            Write(layer, digested, compression, progress, cancellation);
            digest = digested.Finish();
        }, progress: null, cancellation);
        return new ContainerLayerArchive
        {
            FullName = path,
            LayerId = layer.Id.Value,
            ParentId = layer.Parent?.Value,
            DiffId = layer.DiffId.ToString(),
            Digest = digest.ToString(),
            Compression = compression,
            Size = size,
            Root = root,
        };
    }

    private void Write(LayerRecord layer, Stream destination, CompressionKind compression, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        if (compression == CompressionKind.None)
        {
            ImageExporter.WriteLayer(driver, layer, 0, 1, destination, progress, cancellation);
            return;
        }
        if (KeptBlob.Find(driver, layer.Id) is { } blob && blob.Compression == compression && blob.IsWhole(cancellation))
        {
            using var stream = blob.OpenUnverified();
            stream.CopyTo(destination);
            return;
        }
        using var compressed = Compression.Open(destination, compression);
        ImageExporter.WriteLayer(driver, layer, 0, 1, compressed, progress, cancellation);
    }

    private static LayerImport Join(
        LayerIngest ingest, Digest chain, Digest diffId, string path, LayerImport? parent, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var target = ingest.Add(chain, diffId, cancellation);
        var name = Path.GetFileName(path);
        return new LayerImport(
            new ArchivedLayer(diffId, path, null, null), target, parent, new LayerProgress(progress, name, diffId, 0, 1, target.AlreadyExists), $"the layer of '{Printable.Escape(name)}'");
    }
}
