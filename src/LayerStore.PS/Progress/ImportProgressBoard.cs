using System.Collections.Concurrent;
using System.Management.Automation;
using LayerStore.Images;

namespace LayerStore.PS.Progress;

/// <summary>
/// How far an import is. Worker threads write to it, the pipeline thread shows it a few times a second: one record for the whole and one
/// for each layer that is worked on.
/// </summary>
internal sealed class ImportProgressBoard(string source, string verb = "Importing", string doing = "Extracting") : IProgress<ImportProgress>, IProgressBoard
{
    private const int ParentId = 0x4C53;

    private readonly ConcurrentDictionary<(string Image, int Layer), ImportProgress> _layers = new();
    private readonly Dictionary<int, string> _shown = [];
    private volatile string _current = "";
    private string _image = "";
    private string _parentText = "";

    /// <inheritdoc/>
    public void Report(ImportProgress value)
    {
        _layers[(value.Image, value.LayerIndex)] = value;
        _current = value.Image;
    }

    /// <inheritdoc/>
    public void Show(Action<ProgressRecord> write)
    {
        // An archive may hold several images, one after the other.
        var current = _current;
        if (current != _image)
        {
            CompleteLayers(write);
            _image = current;
        }
        var layers = _layers.Values.Where(layer => layer.Image == current).OrderBy(layer => layer.LayerIndex).ToArray();
        if (layers.Length == 0)
            return;
        ShowParent(layers, write);
        foreach (var layer in layers)
            ShowLayer(layer, write);
    }

    /// <inheritdoc/>
    public void Complete(Action<ProgressRecord> write)
    {
        CompleteLayers(write);
        if (_parentText.Length > 0)
            write(new ProgressRecord(ParentId, ProgressText.Activity(verb, source), "Done") { RecordType = ProgressRecordType.Completed });
        _parentText = "";
    }

    private void ShowParent(ImportProgress[] layers, Action<ProgressRecord> write)
    {
        var count = Math.Max(layers[0].LayerCount, 1);
        var done = layers.Count(IsDone);
        var bytes = layers.Sum(layer => layer.Bytes);
        var total = layers.Sum(layer => layer.TotalBytes);
        var percent = (int)(100 * layers.Sum(Fraction) / count);
        var text = $"{Printable.Escape(_image)}: {done} of {count} layers, {ByteSize.Format(bytes)}/{ByteSize.Format(total)}";
        if (text == _parentText)
            return;
        _parentText = text;
        write(new ProgressRecord(ParentId, ProgressText.Activity(verb, source), text) { PercentComplete = Math.Clamp(percent, 0, 100) });
    }

    private void ShowLayer(ImportProgress layer, Action<ProgressRecord> write)
    {
        var text = layer.State switch
        {
            ImportState.AlreadyExists => "Already exists",
            ImportState.Complete => $"Complete {ByteSize.Format(layer.TotalBytes)}",
            ImportState.Extracted => $"Extracted {ByteSize.Format(layer.TotalBytes)}",
            _ => $"{doing} {ByteSize.Format(layer.Bytes)}/{ByteSize.Format(layer.TotalBytes)}",
        };
        if (_shown.TryGetValue(layer.LayerIndex, out var before) && before == text)
            return;
        _shown[layer.LayerIndex] = text;
        var hex = layer.Layer.ToString();
        hex = hex[(hex.IndexOf(':', StringComparison.Ordinal) + 1)..];
        write(new ProgressRecord(ParentId + 1 + layer.LayerIndex, $"Layer {layer.LayerIndex + 1}/{layer.LayerCount} {hex[..Math.Min(12, hex.Length)]}", text)
        {
            ParentActivityId = ParentId,
            PercentComplete = (int)(100 * Fraction(layer)),
            // What is done makes room for those that are worked on.
            RecordType = IsDone(layer) ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }

    private void CompleteLayers(Action<ProgressRecord> write)
    {
        foreach (var index in _shown.Keys)
            write(new ProgressRecord(ParentId + 1 + index, $"Layer {index + 1}", "Done")
            {
                ParentActivityId = ParentId,
                RecordType = ProgressRecordType.Completed,
            });
        _shown.Clear();
    }

    private static bool IsDone(ImportProgress layer) => layer.State is ImportState.AlreadyExists or ImportState.Complete;

    private static double Fraction(ImportProgress layer) => layer.State is not ImportState.Extracting ? 1
        : layer.TotalBytes <= 0 ? 0
        : Math.Clamp((double)layer.Bytes / layer.TotalBytes, 0, 1);
}
