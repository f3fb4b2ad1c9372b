using System.Management.Automation;
using LayerStore.Maintenance;

namespace LayerStore.PS.Progress;

/// <summary>How far clearing is: first what is not in use is looked for, then one thing after the other goes. Only the pipeline thread knows of it.</summary>
internal sealed class PruneProgressBoard : IProgressBoard
{
    private const int ActivityId = 0x4C54;
    private const string Activity = "Clearing unused storage";

    private string _status = "Looking for what is not in use";
    private string _shown = "";
    private int _number;
    private int _count;
    private long _bytes;
    private long _total;

    /// <summary>What may go is known.</summary>
    public void Found(IReadOnlyList<UnusedItem> items)
    {
        _count = items.Count;
        _total = items.Sum(item => item.Bytes);
    }

    /// <summary>It is this one's turn; what came before it is done with.</summary>
    public void Next(UnusedItem item)
    {
        _number++;
        _status = $"{Printable.Escape(item.Name)}: {_number} of {_count}, {ByteSize.Format(_bytes)}/{ByteSize.Format(_total)}";
        _bytes += item.Bytes;
    }

    /// <inheritdoc/>
    public void Show(Action<ProgressRecord> write)
    {
        if (_status == _shown)
            return;
        _shown = _status;
        write(new ProgressRecord(ActivityId, Activity, _status) { PercentComplete = _number == 0 ? -1 : 100 * (_number - 1) / _count });
    }

    /// <inheritdoc/>
    public void Complete(Action<ProgressRecord> write)
    {
        if (_shown.Length > 0)
            write(new ProgressRecord(ActivityId, Activity, "Done") { RecordType = ProgressRecordType.Completed });
    }
}
