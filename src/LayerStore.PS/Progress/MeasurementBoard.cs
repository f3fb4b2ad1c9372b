using System.Management.Automation;
using LayerStore.Measurement;

namespace LayerStore.PS.Progress;

/// <summary>How far a driver's measurement is. A worker thread writes to it, the pipeline thread shows it a few times a second.</summary>
internal sealed class MeasurementBoard : IProgress<MeasurementProgress>, IProgressBoard
{
    private const int ActivityId = 0x4C54;

    private volatile MeasurementProgress? _current;
    private MeasurementProgress? _shown;

    /// <inheritdoc/>
    public void Report(MeasurementProgress value) => _current = value;

    /// <inheritdoc/>
    public void Show(Action<ProgressRecord> write)
    {
        var current = _current;
        if (current is null || current == _shown)
            return;
        _shown = current;
        var text = current.Workload is { } workload ? $"{workload}, {current.Iteration} of {current.Iterations}"
            : current.Iteration == 0 ? "Preparing"
            : "Cleaning up";
        write(new ProgressRecord(ActivityId, Activity(current), text) { PercentComplete = Percent(current) });
    }

    /// <inheritdoc/>
    public void Complete(Action<ProgressRecord> write)
    {
        if (_shown is not null)
            write(new ProgressRecord(ActivityId, Activity(_shown), "Done") { RecordType = ProgressRecordType.Completed });
    }

    private static string Activity(MeasurementProgress progress) => $"Measuring {progress.Driver}";

    private static int Percent(MeasurementProgress progress)
    {
        if (progress.Workload is not { } workload)
            return progress.Iteration == 0 ? 0 : 100;
        var part = (double)workload / Enum.GetValues<DriverWorkload>().Length;
        return (int)(100 * (progress.Iteration - 1 + part) / progress.Iterations);
    }
}
