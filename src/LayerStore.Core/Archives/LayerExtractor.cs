using LayerStore.Archives.Extraction;
using LayerStore.Archives.Tar;
using LayerStore.Archives.TarSplit;

namespace LayerStore.Archives;

/// <summary>
/// Extracts a layer's archive, plain or compressed with gzip or zstd, into an empty private directory. One thread reads, decompresses and digests; the calling thread writes.
/// </summary>
/// <remarks>
/// <para><b>Safety.</b> Everything goes through handles of directories below the target; no path of the archive is ever resolved by the kernel through a symbolic
/// link. See docs/architecture.md, "Extraction".</para>
/// <para><b>Equal on every driver.</b> A whiteout applies to lower layers only: what the same archive has of that name stays, whichever comes first. The last entry
/// of a name wins. A character device 0:0 is a whiteout. Paths through symbolic links of the same layer are followed inside the root; an absolute path is a
/// relative one; <c>..</c> may not leave the root. Hard links change no attribute of their target.</para>
/// </remarks>
internal static class LayerExtractor
{
    /// <summary>Extracts one layer. A failure leaves things in the target only, which the caller removes.</summary>
    /// <param name="source">
    /// The archive as it is stored, compressed or not; read to its end from where it stands, on another thread, and not disposed. Wrap it in a <see cref="VerifyingStream"/> where a manifest promises its digest and
    /// size: a mismatch then comes out of this method.
    /// </param>
    /// <param name="target">The empty directory.</param>
    /// <param name="limits">What the layer may ask for.</param>
    /// <param name="bytesRead">Called about once a MiB, on the reading thread, with the bytes of <paramref name="source"/> read so far; null where nobody looks.</param>
    /// <param name="cancellation">Stops within one buffer of 1 MiB.</param>
    /// <returns>What came out; <see cref="ExtractedLayer.DiffId"/> covers every byte, those behind the archive's end mark as well.</returns>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ArchiveTruncated"/>, <see cref="ErrorIds.ArchiveCorrupt"/>, <see cref="ErrorIds.ArchiveEncodingUnknown"/>,
    /// <see cref="ErrorIds.ArchiveUnsafePath"/>, <see cref="ErrorIds.ArchiveEntryUnsupported"/>, <see cref="ErrorIds.ArchiveLimitExceeded"/>,
    /// <see cref="ErrorIds.DiskFull"/>, <see cref="ErrorIds.PermissionDenied"/>, <see cref="ErrorIds.InputOutputError"/>, or what <paramref name="source"/> throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ExtractedLayer Extract(
        Stream source, ExtractionTarget target, ExtractionLimits limits, Action<long>? bytesRead, CancellationToken cancellation) =>
        Extract(source, () => target, ahead: null, limits, bytesRead, cancellation);

    /// <summary>As the other one, for a target that may come later than the archive: the reading thread has begun when <paramref name="open"/> is called, and goes on until <paramref name="ahead"/> is used up.</summary>
    public static ExtractedLayer Extract(
        Stream source, Func<ExtractionTarget> open, ReadAhead? ahead, ExtractionLimits limits, Action<long>? bytesRead, CancellationToken cancellation) =>
        Extract(source, open, ahead, limits, bytesRead, useOpenAt2: true, cancellation);

    /// <summary>As the others; <paramref name="useOpenAt2"/> is false to walk paths component by component, as on kernels without openat2(2).</summary>
    internal static ExtractedLayer Extract(
        Stream source, Func<ExtractionTarget> open, ReadAhead? ahead, ExtractionLimits limits, Action<long>? bytesRead, bool useOpenAt2, CancellationToken cancellation)
    {
        using var pump = new ArchivePump(source, limits, bytesRead, cancellation, ahead);
        var target = open();
        var recorder = target.TarSplitPath is { } path ? new TarSplitRecorder(path, limits) : null;
        try
        {
            return Extract(pump, target, limits, useOpenAt2, recorder, cancellation);
        }
        catch
        {
            recorder?.Dispose();
            throw;
        }
    }

    private static ExtractedLayer Extract(
        ArchivePump pump, ExtractionTarget target, ExtractionLimits limits, bool useOpenAt2, TarSplitRecorder? recorder, CancellationToken cancellation)
    {
        using var tree = new LayerTree(target, limits, useOpenAt2) { Displaced = recorder?.Displaced };
        var reader = new TarReader(pump, limits) { Framing = recorder is null ? null : recorder.Frame, Content = recorder is null ? null : recorder.Content };
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            recorder?.Begin(reader.Entry);
            tree.Add(reader);
            recorder?.End(tree);
        }
        reader.ReadToEnd();
        tree.Finish();
        recorder?.EndArchive();
        return new ExtractedLayer
        {
            DiffId = pump.Digest,
            ArchiveBytes = pump.TotalBytes,
            Compression = pump.Compression,
            Usage = tree.Usage,
            Whiteouts = tree.Whiteouts,
            FilesOnly = tree.FilesOnly,
            RootIsOpaque = tree.RootIsOpaque,
            RootIsDescribed = tree.RootIsDescribed,
            ImpliedDirectories = tree.Notes.Implied(),
            PendingLinks = tree.Notes.PendingLinks(),
            TarSplit = recorder,
        };
    }
}
