using System.Collections.Concurrent;
using System.Management.Automation;
using LayerStore.Images;

namespace LayerStore.PS.Progress;

/// <summary>How far an export is: one record for the whole. Worker threads write to it, the pipeline thread shows it a few times a second.</summary>
internal sealed class ExportProgressBoard(string target) : IProgress<ExportProgress>, IProgressBoard
{
    private const int ActivityId = 0x4C54;

    private readonly ConcurrentDictionary<int, ExportProgress> _layers = new();
    private string _shown = "";

    /// <inheritdoc/>
    public void Report(ExportProgress value) => _layers[value.LayerIndex] = value;

    /// <inheritdoc/>
    public void Show(Action<ProgressRecord> write)
    {
        var layers = _layers.Values.ToArray();
        if (layers.Length == 0)
            return;
        var done = layers.Count(layer => layer.Bytes == layer.TotalBytes);
        var text = $"{done} of {layers[0].LayerCount} layers, {ByteSize.Format(layers.Sum(layer => layer.Bytes))}";
        if (text == _shown)
            return;
        _shown = text;
        var fraction = layers.Sum(layer => layer.TotalBytes == 0 ? 1 : (double)layer.Bytes / layer.TotalBytes) / layers[0].LayerCount;
        write(new ProgressRecord(ActivityId, Activity, text) { PercentComplete = Math.Clamp((int)(100 * fraction), 0, 100) });
    }

    /// <inheritdoc/>
    public void Complete(Action<ProgressRecord> write)
    {
        if (_shown.Length > 0)
            write(new ProgressRecord(ActivityId, Activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private string Activity => ProgressText.Activity("Exporting", target);
}
