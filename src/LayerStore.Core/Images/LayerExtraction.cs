using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Images.Formats;
using LayerStore.Layers;

namespace LayerStore.Images;

/// <summary>
/// Extracts the layers that the store lacks, several at once, each into its own empty directory, and completes them in chain order while others still run. Where the
/// driver snapshots parents, a layer waits for its own with the beginning of its archive read and decompressed already. The first failure stops the rest; when <see cref="Run"/> is left, no thread touches the store any more.
/// </summary>
internal sealed class LayerExtraction(ILayerSource source, LayerIngest ingest, IStorageDriver driver, ImportOptions options)
{
    private readonly ReadAhead? _ahead = driver.Features.HasFlag(DriverFeatures.AppliesOnParent) ? ReadAhead.OfMachine() : null;

    /// <summary>Extracts and completes.</summary>
    /// <param name="imports">All layers of the image, lowest first, those that exist included.</param>
    /// <param name="cancellation">Stops at once.</param>
    public void Run(IReadOnlyList<LayerImport> imports, CancellationToken cancellation)
    {
        var missing = imports.Where(import => !import.Target.AlreadyExists).ToList();
        if (missing.Count == 0)
            return;
        // A blob that is missing or has another length is known before anything is extracted.
        foreach (var import in missing)
            import.BlobBytes = source.Measure(import.Source);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var failure = new FirstFailure(stop);
        using (new SyncAhead(driver, failure, stop.Token))
        {
            var threads = StartWorkers(missing, failure, stop.Token);
            try
            {
                CompleteInOrder(imports, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Why it stopped is said below.
            }
#pragma warning disable CA1031 // Whatever it is, it is thrown below, when every worker has stopped.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure.Set(error);
            }
            foreach (var thread in threads)
                thread.Join();
        }
        failure.ThrowIfSet();
        cancellation.ThrowIfCancellationRequested();
    }

    private List<Thread> StartWorkers(List<LayerImport> missing, FirstFailure failure, CancellationToken stop)
    {
        // Where joining with the parents is cheap, the largest layer first shortens the end, when workers run out of layers;
        // elsewhere the lowest first, so that joining can begin.
        var jobs = new LayerQueue(
            driver.Features.HasFlag(DriverFeatures.IndependentApply) ? missing.OrderByDescending(import => import.BlobBytes) : missing);
        var count = Math.Min(missing.Count, options.Parallelism > 0 ? options.Parallelism : Environment.ProcessorCount);
        var threads = new List<Thread>(count);
        for (var i = 0; i < count; i++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"LayerStore import {i}" };
            thread.Start();
            threads.Add(thread);
        }
        return threads;

        void Work()
        {
            try
            {
                while (jobs.TryTake(out var import, stop))
                {
                    import.Extracted.SetResult(Extract(import, jobs, stop));
                    jobs.Done(import);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Why it stopped is the business of whoever stopped it.
            }
#pragma warning disable CA1031 // Whatever it is, the thread that called Run throws it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure.Set(error);
            }
        }
    }

    private void CompleteInOrder(IReadOnlyList<LayerImport> imports, CancellationToken stop)
    {
        IngestLayer? parent = null;
        foreach (var import in imports)
        {
            if (!import.Target.AlreadyExists)
            {
                import.Extracted.Task.Wait(stop);
                ingest.Complete(import.Target, parent, import.Extracted.Task.Result);
                import.Completed.Set();
            }
            parent = import.Target;
        }
    }

    private ExtractedLayer Extract(LayerImport import, LayerQueue jobs, CancellationToken stop)
    {
        try
        {
            import.Progress.Begin(import.BlobBytes);
            var extracted = ReadBlob(import, jobs, stop);
            if (extracted.DiffId != import.Source.DiffId)
                throw DiffIdMismatch(import, extracted.DiffId);
            import.Progress.Extracted();
            return extracted;
        }
        catch (StoreException error)
        {
            // The floors below know bytes and paths, not which layer they belong to.
            throw new StoreException(
                error.ErrorId, error.Kind, error.Target ?? import.Source.Name, $"In {import.Description}: {error.Message}", error.RecommendedAction, error);
        }
    }

    private ExtractedLayer ReadBlob(LayerImport import, LayerQueue jobs, CancellationToken stop)
    {
        using var blob = source.OpenLayer(import.Source, stop);
        var start = new byte[ZstdFrame.MaxHeaderBytes];
        var length = blob.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        import.WindowBytes = ZstdFrame.WindowBytes(start.AsSpan(0, length));
        jobs.Reserve(import, stop);
        // An uncompressed blob is the layer's archive itself, which is digested anyway.
        var digest = import.Source.Digest == import.Source.DiffId ? null : import.Source.Digest;
        using var verified = new VerifyingStream(new PrefixedStream(start.AsMemory(0, length), blob), digest, import.Source.Size);
        using var keeper = KeeperOf(import, start.AsSpan(0, length), verified, stop);
        ExtractionTarget? target = null;
        try
        {
            var extracted = LayerExtractor.Extract(keeper ?? (Stream)verified, () => target = OpenTarget(import, stop), _ahead, options.Limits, import.Progress.Read, stop);
            if (keeper is not null)
            {
                keeper.CopyTo(Stream.Null);
                keeper.Keep(extracted.Compression);
            }
            verified.ReadToEnd();
            return digest is not null || import.Source.Digest is not { } plain || plain == extracted.DiffId
                ? extracted
                : throw ArchiveFaults.DigestMismatch(import.Source.Name, plain, extracted.DiffId);
        }
        catch (StoreException error) when (error.ErrorId is ErrorIds.ArchiveCorrupt or ErrorIds.ArchiveTruncated or ErrorIds.ArchiveEncodingUnknown)
        {
            // A damaged blob seldom unpacks; that it is another blob than the manifest's says more than where the damage showed.
            if (digest is not null)
                verified.ReadToEnd();
            else
                VerifyAgain(import, stop);
            throw;
        }
        finally
        {
            target?.Directory.Dispose();
        }
    }

    /// <summary>An uncompressed blob's own digest was not computed while it was read.</summary>
    private void VerifyAgain(LayerImport import, CancellationToken stop)
    {
        using var again = new VerifyingStream(source.OpenLayer(import.Source, stop), import.Source.Digest, import.Source.Size);
        again.ReadToEnd();
    }

    private ExtractionTarget OpenTarget(LayerImport import, CancellationToken stop)
    {
        try
        {
            if (driver.Features.HasFlag(DriverFeatures.AppliesOnParent))
                import.Parent?.Completed.Wait(stop);
            return ingest.OpenForApply(import.Target, import.Parent?.Target);
        }
        finally
        {
            import.Opened.Set();
        }
    }

    /// <summary>Who keeps a compressed blob, where somebody shall.</summary>
    private BlobKeeper? KeeperOf(LayerImport import, ReadOnlySpan<byte> start, Stream blob, CancellationToken stop)
    {
        // The beginnings of gzip, and of zstd's frames; what it really is, its extraction tells.
        if (!options.KeepCompressed || !(start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) || start is [0x28, 0xb5, ..] or [_, 0x2a, 0x4d, 0x18, ..]))
            return null;
        return new BlobKeeper(blob, import.Source.Digest, () =>
        {
            import.Opened.Wait(stop);
            return driver.MetadataDirectory(import.Target.Place);
        });
    }

    private static StoreException DiffIdMismatch(LayerImport import, Digest actual) => new(
        ErrorIds.LayerDigestMismatch, StoreErrorKind.InvalidData, import.Source.Name,
        $"The layer '{Printable.Escape(import.Source.Name)}' unpacks to an archive with the digest {actual}; the image's configuration says {import.Source.DiffId}.",
        "Copy, save or pull the image again; do not use this one. Nothing of it was kept.");
}
