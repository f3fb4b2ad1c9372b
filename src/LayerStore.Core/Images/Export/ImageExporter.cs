using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Images.Formats;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images.Export;

/// <summary>Writes images into one archive or layout; a layer that several have is written once.</summary>
internal sealed class ImageExporter(
    IStorageDriver driver, IReadOnlyList<ExportedImage> images, ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellation)
{
    private readonly IReadOnlyList<LayerRecord> _layers = [.. images.SelectMany(image => image.Layers).DistinctBy(layer => layer.DiffId)];
    private readonly Dictionary<Digest, ExportedBlob> _blobs = [];

    /// <summary>How many layers are written.</summary>
    public int LayerCount => _layers.Count;

    /// <summary>Does it.</summary>
    public void WriteTo(IExportTarget target, string directory)
    {
        var docker = options.Format == ExportFormat.DockerArchive;
        if (options.Compression == CompressionKind.None)
            WritePlain(target, docker);
        else
            WriteCompressed(target, docker, directory);
        if (docker)
            WriteDockerDocuments(target);
        else
            WriteOciDocuments(target);
        cancellation.ThrowIfCancellationRequested();
        target.Publish();
    }

    private void WritePlain(IExportTarget target, bool docker)
    {
        for (var i = 0; i < _layers.Count; i++)
        {
            var (index, layer) = (i, _layers[i]);
            _blobs[layer.DiffId] = new ExportedBlob(layer.DiffId, layer.ArchiveBytes);
            target.Add(NameOf(layer, docker), layer.ArchiveBytes, stream => WriteLayer(index, stream, cancellation));
        }
    }

    private void WriteCompressed(IExportTarget target, bool docker, string directory)
    {
        var kept = _layers.Select(layer => KeptBlob.Find(driver, layer.Id) is { } blob && blob.Compression == options.Compression && blob.IsWhole(cancellation) ? blob : null).ToList();
        List<int> others = [.. Enumerable.Range(0, _layers.Count).Where(index => kept[index] is null)];
        using var compressor = new LayerCompressor(directory, options.Compression, (index, stream, stop) => WriteLayer(others[index], stream, stop), cancellation);
        for (var i = 0; i < _layers.Count; i++)
        {
            var layer = _layers[i];
            if (kept[i] is { } whole)
            {
                _blobs[layer.DiffId] = new ExportedBlob(whole.Digest, whole.Size);
                using var stream = whole.OpenUnverified();
                target.Add(NameOf(layer, docker), whole.Size, stream.CopyTo);
                progress?.Report(new ExportProgress(layer.DiffId, i, _layers.Count, layer.ArchiveBytes, layer.ArchiveBytes));
                continue;
            }
            var (file, blob) = compressor.Next(others.Count);
            using (file)
            {
                _blobs[layer.DiffId] = blob;
                file.Stream.Position = 0;
                target.Add(NameOf(layer, docker), blob.Size, file.Stream.CopyTo);
            }
        }
    }

    private string NameOf(LayerRecord layer, bool docker) =>
        docker ? ExportDocuments.DockerLayerName(layer.DiffId) : BlobName.OfBlob(_blobs[layer.DiffId].Digest);

    private void WriteLayer(int index, Stream destination, CancellationToken stop) => WriteLayer(driver, _layers[index], index, _layers.Count, destination, progress, stop);

    /// <summary>Writes one layer's archive and tells how far it is.</summary>
    internal static void WriteLayer(IStorageDriver driver, LayerRecord layer, int index, int count, Stream destination, IProgress<ExportProgress>? progress, CancellationToken stop)
    {
        var interval = new ReportInterval();
        using var counted = new DigestingStream(destination, Report, digests: false);
        new LayerArchive(driver).WriteTo(layer, counted, stop);
        progress?.Report(new ExportProgress(layer.DiffId, index, count, counted.Count, layer.ArchiveBytes));

        void Report(long bytes)
        {
            if (progress is not null && interval.HasPassed())
                progress.Report(new ExportProgress(layer.DiffId, index, count, bytes, layer.ArchiveBytes));
        }
    }

    private void WriteDockerDocuments(IExportTarget target)
    {
        foreach (var image in images)
            target.Add(ExportDocuments.DockerConfigName(image), image.Record.Config);
        target.Add(DockerArchive.ManifestName, ExportDocuments.DockerManifest(images));
    }

    private void WriteOciDocuments(IExportTarget target)
    {
        var manifests = new List<(ExportedImage, byte[])>();
        foreach (var image in images)
        {
            target.Add(BlobName.OfBlob(image.Id), image.Record.Config);
            var manifest = image.KeepsManifest(_blobs) ? image.Record.Manifest! : ExportDocuments.OciManifest(image, options.Compression, _blobs);
            target.Add(BlobName.OfBlob(JsonDocuments.DigestOf(manifest)), manifest);
            manifests.Add((image, manifest));
        }
        target.Add(OciLayout.LayoutName, ExportDocuments.Layout);
        target.Add(OciLayout.IndexName, ExportDocuments.OciIndex(manifests));
    }
}
