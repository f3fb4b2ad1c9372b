using System.Diagnostics;
using System.Management.Automation;

namespace LayerStore.PS.Progress;

/// <summary>One thing that is mostly done at once and sometimes not: nothing is shown in the first half of a second, and then the bytes so far, where they are known. Any thread may write to it.</summary>
/// <param name="verb">What is done: "Exporting".</param>
/// <param name="target">To what.</param>
/// <param name="doing">What stands there as long as no bytes are known.</param>
internal sealed class WorkBoard(string verb, string target, string doing) : IProgress<long>, IProgressBoard
{
    private const int ActivityId = 0x4C54;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private string _shown = "";
    private long _bytes;

    /// <summary>Something is removed; how much of it is gone nobody counts.</summary>
    public static WorkBoard OfRemoval(string target) => new("Removing", target, "Deleting files");

    /// <summary>A tree is written into an archive.</summary>
    public static WorkBoard OfExport(string target) => new("Exporting", target, "Reading files");

    /// <inheritdoc/>
    public void Report(long value) => Volatile.Write(ref _bytes, value);

    /// <inheritdoc/>
    public void Show(Action<ProgressRecord> write)
    {
        if (_since.Elapsed < s_patience)
            return;
        var text = Volatile.Read(ref _bytes) is var bytes and > 0 ? ByteSize.Format(bytes) : doing;
        if (text == _shown)
            return;
        _shown = text;
        write(new ProgressRecord(ActivityId, Activity, text));
    }

    /// <inheritdoc/>
    public void Complete(Action<ProgressRecord> write)
    {
        if (_shown.Length > 0)
            write(new ProgressRecord(ActivityId, Activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private string Activity => ProgressText.Activity(verb, target);
}
