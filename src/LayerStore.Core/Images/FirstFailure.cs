using System.Runtime.ExceptionServices;

namespace LayerStore.Images;

/// <summary>Keeps the first of several threads' failures, and stops the others.</summary>
internal sealed class FirstFailure(CancellationTokenSource stop)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>Notes a failure; later ones are consequences and are dropped.</summary>
    public void Set(Exception error)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
        stop.Cancel();
    }

    /// <summary>Throws it.</summary>
    public void ThrowIfSet() => _failure?.Throw();
}
