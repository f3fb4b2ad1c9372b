using System.Diagnostics.CodeAnalysis;

namespace LayerStore.Images;

/// <summary>
/// The layers that wait for a worker. zstd's windows of all that are worked on share one budget, so that memory does not grow with the number of workers; since layers get their memory strictly
/// in the order in which they were taken, none can hold memory that one before it waits for.
/// </summary>
internal sealed class LayerQueue(IEnumerable<LayerImport> imports)
{
    // Somewhat more than the largest window that is accepted at all.
    private const long WindowBudget = 130L << 20;

    private readonly object _gate = new();
    private readonly Queue<LayerImport> _waiting = new(imports), _opening = new();
    private long _windows;

    /// <summary>The next layer; false where none is left.</summary>
    public bool TryTake([NotNullWhen(true)] out LayerImport? import, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out import))
                return false;
            _opening.Enqueue(import);
            return true;
        }
    }

    /// <summary>Waits until there is memory for a layer that was taken and whose <see cref="LayerImport.WindowBytes"/> is known by now.</summary>
    public void Reserve(LayerImport import, CancellationToken stop)
    {
        using var waking = stop.UnsafeRegister(static queue => ((LayerQueue)queue!).Wake(), this);
        lock (_gate)
        {
            while (_opening.Peek() != import || (_windows > 0 && _windows + import.WindowBytes > WindowBudget))
            {
                stop.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
            _opening.Dequeue();
            _windows += import.WindowBytes;
            Monitor.PulseAll(_gate);
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
