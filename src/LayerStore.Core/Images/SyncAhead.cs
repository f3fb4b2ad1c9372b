using LayerStore.Drivers;

namespace LayerStore.Images;

/// <summary>
/// Has the kernel write to the disk while layers are still extracted, so that the sync that makes the import durable finds little left to do. Otherwise the kernel
/// begins seconds later, and disk and second processor wait for each other's turn.
/// </summary>
internal sealed class SyncAhead : IDisposable
{
    // A short import is over before the first one: it pays nothing.
    private const int BeginMilliseconds = 100, PauseMilliseconds = 200;

    // Syncs take at most a third of the time: each of them costs by itself (ZFS writes its trees' roots anew), and where they take long, nothing is gained by more of them.
    private const int PausePerSync = 2;

    // A disk may take long for what is on its way; who cancels does not wait for it.
    private const int CancelledMilliseconds = 1000;

    private readonly IStorageDriver _driver;
    private readonly FirstFailure _failure;
    private readonly CancellationToken _stop;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private bool _abandoned;

    /// <summary>Begins.</summary>
    /// <param name="driver">Whose file system.</param>
    /// <param name="failure">Told where the disk fails: the kernel reports a write error once, to whoever syncs first.</param>
    /// <param name="stop">Set where the import was cancelled or failed.</param>
    public SyncAhead(IStorageDriver driver, FirstFailure failure, CancellationToken stop)
    {
        (_driver, _failure, _stop) = (driver, failure, stop);
        _thread = new Thread(Run) { IsBackground = true, Name = "LayerStore sync" };
        _thread.Start();
    }

    /// <summary>Ends, after the sync that is under way.</summary>
    public void Dispose()
    {
        _ended.Set();
        while (!_thread.Join(CancelledMilliseconds))
        {
            if (!_stop.IsCancellationRequested)
                continue;
            lock (_gate)
                _abandoned = true;
            return;
        }
        _ended.Dispose();
    }

    private void Run()
    {
        try
        {
            for (long wait = BeginMilliseconds; !_ended.Wait(TimeSpan.FromMilliseconds(wait));)
            {
                var began = Environment.TickCount64;
                _driver.Sync();
                wait = Math.Max(PauseMilliseconds, PausePerSync * (Environment.TickCount64 - began));
            }
        }
#pragma warning disable CA1031 // Whatever it is, the thread that imports throws it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                if (!_abandoned)
                    _failure.Set(error);
            }
        }
    }
}
