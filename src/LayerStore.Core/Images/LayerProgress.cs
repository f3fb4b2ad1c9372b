namespace LayerStore.Images;

/// <summary>Tells how far one layer is: at every change of its state, and otherwise ten times a second at most.</summary>
internal sealed class LayerProgress
{
    private readonly IProgress<ImportProgress>? _progress;
    private readonly bool _alreadyExists;
    private ImportProgress _last;
    private readonly ReportInterval _interval = new();

    public LayerProgress(IProgress<ImportProgress>? progress, string image, Digest layer, int index, int count, bool alreadyExists)
    {
        (_progress, _alreadyExists) = (progress, alreadyExists);
        _last = new ImportProgress(image, layer, index, count, ImportState.AlreadyExists, 0, 0);
        if (alreadyExists)
            progress?.Report(_last);
    }

    /// <summary>The layer is begun.</summary>
    public void Begin(long totalBytes) => Tell(_last with { State = ImportState.Extracting, TotalBytes = totalBytes });

    /// <summary>So many bytes of the blob were read.</summary>
    public void Read(long bytes)
    {
        if (_progress is not null && _interval.HasPassed())
            Tell(_last with { Bytes = bytes });
    }

    /// <summary>The layer is extracted.</summary>
    public void Extracted() => Tell(_last with { State = ImportState.Extracted, Bytes = _last.TotalBytes });

    /// <summary>The layer is durable.</summary>
    public void Committed()
    {
        if (!_alreadyExists)
            Tell(_last with { State = ImportState.Complete });
    }

    private void Tell(ImportProgress progress)
    {
        _last = progress;
        _progress?.Report(progress);
    }
}
