using System.Management.Automation;

namespace LayerStore.PS.Progress;

/// <summary>What worker threads write how far they are to, and the pipeline thread shows.</summary>
internal interface IProgressBoard
{
    /// <summary>Shows what has changed since the last time.</summary>
    void Show(Action<ProgressRecord> write);

    /// <summary>Takes everything from the screen.</summary>
    void Complete(Action<ProgressRecord> write);
}
