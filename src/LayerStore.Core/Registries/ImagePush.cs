using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Images.Export;
using LayerStore.Images.Formats;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Registries;

/// <summary>Pushes one image: its layers, several at once, then its configuration, then the manifest, so that a tag never means something incomplete.</summary>
internal sealed class ImagePush(
    IStorageDriver driver, ExportedImage image, KnownBlobs known, RegistryUploads uploads, PushOptions options, IProgress<PushProgress>? progress)
{
    private const int MinParallelism = 4;

    private static readonly ImportOptions Limits = new();

    /// <summary>Does it.</summary>
    /// <returns>The digest of the manifest that the tag means now.</returns>
    public Digest Run(string tag, CancellationToken cancellation)
    {
        if (uploads.Find(tag, Limits.MaxManifestBytes, Limits.MaxConfigBytes, cancellation) is var (there, config))
            known.Add(there, config, uploads.Name);
        var blobs = PushLayers(cancellation);
        if (!uploads.Has(image.Id, cancellation))
            uploads.Upload(stream => stream.Write(image.Record.Config), cancellation);

        var layers = image.Layers.Select(layer => blobs[layer.DiffId]).ToList();
        var keeps = known.Original is { } original && original.Select(layer => layer.Digest).SequenceEqual(layers.Select(layer => layer.Digest));
        var manifest = keeps ? image.Record.Manifest! : ExportDocuments.OciManifest(image, layers);
        cancellation.ThrowIfCancellationRequested();
        uploads.PutManifest(tag, manifest, keeps ? image.Record.ManifestMediaType ?? MediaTypes.OciManifest : MediaTypes.OciManifest, cancellation);
        return JsonDocuments.DigestOf(manifest);
    }

    private Dictionary<Digest, Descriptor> PushLayers(CancellationToken cancellation)
    {
        var layers = image.Layers.DistinctBy(layer => layer.DiffId).ToList();
        var blobs = new Dictionary<Digest, Descriptor>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var failure = new FirstFailure(stop);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism > 0 ? options.Parallelism : Math.Max(MinParallelism, Environment.ProcessorCount) };
        Parallel.For(0, layers.Count, parallel, index =>
        {
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                var blob = PushLayer(layers[index], index, layers.Count, stop.Token);
                lock (blobs)
                    blobs[layers[index].DiffId] = blob;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Why it stopped is the business of whoever stopped it.
            }
#pragma warning disable CA1031 // Whatever it is, it is thrown below, when every worker has stopped.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure.Set(error);
            }
        });
        failure.ThrowIfSet();
        cancellation.ThrowIfCancellationRequested();
        return blobs;
    }

    private Descriptor PushLayer(LayerRecord layer, int index, int count, CancellationToken stop)
    {
        var report = new PushProgress(layer.DiffId, index, count, PushState.Pushing, 0, layer.ArchiveBytes);
        foreach (var (blob, repositories) in known.Of(layer.DiffId))
        {
            // Who asks for one compression does not want what is there in another.
            if (options.Compression is { } wanted && MediaTypes.CompressionOf(blob.MediaType) != wanted)
                continue;
            if (uploads.Has(blob.Digest, stop) || repositories.Where(repository => repository != uploads.Name).Any(repository => uploads.Mount(blob.Digest, repository, stop)))
            {
                progress?.Report(report with { State = PushState.AlreadyExists, Bytes = layer.ArchiveBytes });
                return AsOci(blob);
            }
        }
        if (PushKept(layer, report, stop) is { } kept)
            return kept;
        var compression = options.Compression ?? (OriginalOf(layer) is { } original ? MediaTypes.CompressionOf(original.MediaType) : CompressionKind.Gzip);
        progress?.Report(report);
        var sent = uploads.Upload(stream => Write(layer, compression, stream, report, stop), stop);
        progress?.Report(report with { State = PushState.Pushed, Bytes = layer.ArchiveBytes });
        return new Descriptor { MediaType = MediaTypes.LayerOf(compression), Digest = sent.Digest, Size = sent.Size };
    }

    /// <summary>Sends the blob that the layer came as, where the store kept it; a damaged one counts for nothing.</summary>
    private Descriptor? PushKept(LayerRecord layer, PushProgress report, CancellationToken stop)
    {
        if (KeptBlob.Find(driver, layer.Id) is not { } kept || (options.Compression is { } wanted && kept.Compression != wanted))
            return null;
        var descriptor = new Descriptor { MediaType = MediaTypes.LayerOf(kept.Compression), Digest = kept.Digest, Size = kept.Size };
        if (uploads.Has(kept.Digest, stop))
        {
            progress?.Report(report with { State = PushState.AlreadyExists, Bytes = layer.ArchiveBytes });
            return descriptor;
        }
        progress?.Report(report);
        try
        {
            uploads.Upload(stream => Copy(kept, stream, report, stop), stop, kept.Digest);
        }
        catch (StoreException error) when (error.ErrorId is ErrorIds.BlobDigestMismatch or ErrorIds.InputOutputError)
        {
            return null;
        }
        progress?.Report(report with { State = PushState.Pushed, Bytes = layer.ArchiveBytes });
        return descriptor;
    }

    private void Copy(KeptBlob kept, Stream destination, PushProgress report, CancellationToken stop)
    {
        using var file = kept.OpenUnverified();
        var interval = new ReportInterval();
        var buffer = new byte[1 << 20];
        for (long sent = 0; file.Read(buffer) is var read and > 0;)
        {
            stop.ThrowIfCancellationRequested();
            destination.Write(buffer.AsSpan(0, read));
            sent += read;
            // Progress counts bytes of the archive.
            if (progress is not null && interval.HasPassed())
                progress.Report(report with { Bytes = (long)(report.TotalBytes * ((double)sent / kept.Size)) });
        }
    }

    private Descriptor? OriginalOf(LayerRecord layer)
    {
        for (var i = 0; i < known.Original?.Count; i++)
            if (image.Layers[i].DiffId == layer.DiffId)
                return known.Original[i];
        return null;
    }

    private void Write(LayerRecord layer, CompressionKind compression, Stream destination, PushProgress report, CancellationToken stop)
    {
        using var compressed = compression == CompressionKind.None ? null : Compression.Open(destination, compression);
        var interval = new ReportInterval();
        using var counted = new DigestingStream(compressed ?? destination, Report, digests: false);
        new LayerArchive(driver).WriteTo(layer, counted, stop);

        void Report(long bytes)
        {
            if (progress is not null && interval.HasPassed())
                progress.Report(report with { Bytes = bytes });
        }
    }

    private static Descriptor AsOci(Descriptor blob) => blob with { MediaType = MediaTypes.LayerOf(MediaTypes.CompressionOf(blob.MediaType)) };
}
