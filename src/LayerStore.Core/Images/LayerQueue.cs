using System.Diagnostics.CodeAnalysis;

namespace LayerStore.Images;

/// <summary>
/// The layers that wait for a worker. zstd's windows of all that are worked on share one budget, so that memory does not grow with the number of workers; since layers begin strictly
/// in order, none can hold memory that one before it waits for.
/// </summary>
internal sealed class LayerQueue(IEnumerable<LayerImport> imports)
{
    // Somewhat more than the largest window that is accepted at all.
    private const long WindowBudget = 130L << 20;

    private readonly object _gate = new();
    private readonly Queue<LayerImport> _waiting = new(imports);
    private long _windows;

    /// <summary>The next layer, once there is memory for it; false where none is left.</summary>
    public bool TryTake([NotNullWhen(true)] out LayerImport? import, CancellationToken stop)
    {
        using var waking = stop.UnsafeRegister(static queue => ((LayerQueue)queue!).Wake(), this);
        lock (_gate)
        {
            while (_waiting.TryPeek(out import))
            {
                stop.ThrowIfCancellationRequested();
                if (_windows == 0 || _windows + import.WindowBytes <= WindowBudget)
                {
                    _windows += import.WindowBytes;
                    _waiting.Dequeue();
                    return true;
                }
                Monitor.Wait(_gate);
            }
            return false;
        }
    }

    /// <summary>Gives a layer's memory back.</summary>
    public void Done(LayerImport import)
    {
        lock (_gate)
        {
            _windows -= import.WindowBytes;
            Monitor.PulseAll(_gate);
        }
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
