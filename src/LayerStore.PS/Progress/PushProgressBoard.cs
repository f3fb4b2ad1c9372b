using System.Management.Automation;
using LayerStore.Images;
using LayerStore.Registries;

namespace LayerStore.PS.Progress;

/// <summary>How far a push is: as an import's, the other way.</summary>
internal sealed class PushProgressBoard(string target) : IProgress<PushProgress>, IProgressBoard
{
    private readonly ImportProgressBoard _board = new(target, "Pushing", "Pushing");

    /// <inheritdoc/>
    public void Report(PushProgress value) => _board.Report(new ImportProgress(
        target, value.Layer, value.LayerIndex, value.LayerCount,
        value.State switch
        {
            PushState.AlreadyExists => ImportState.AlreadyExists,
            PushState.Pushed => ImportState.Complete,
            _ => ImportState.Extracting,
        },
        value.Bytes, value.TotalBytes));

    /// <inheritdoc/>
    public void Show(Action<ProgressRecord> write) => _board.Show(write);

    /// <inheritdoc/>
    public void Complete(Action<ProgressRecord> write) => _board.Complete(write);
}
