namespace LayerStore.Linux;

/// <summary>
/// Directories to be worked on, each of which may find more: the calling thread works, and others join in where there is enough. The first failure stops everybody.
/// </summary>
internal sealed class WorkPile<T>
{
    // Starting a thread for a handful of directories costs more than it brings.
    private const int WorthAnotherThread = 8;

    private static readonly int s_maxThreads = Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly Stack<T> _items = new();
    private readonly Action<T, WorkPile<T>> _work;
    private readonly CancellationToken _cancellation;
    private readonly List<Task> _others = [];
    private int _outstanding;
    private Exception? _failure;

    private WorkPile(Action<T, WorkPile<T>> work, CancellationToken cancellation)
    {
        _work = work;
        _cancellation = cancellation;
    }

    /// <summary>Works until nothing is left.</summary>
    public static void Run(T first, Action<T, WorkPile<T>> work, CancellationToken cancellation)
    {
        var pile = new WorkPile<T>(work, cancellation);
        pile.Push(first);
        pile.WorkOn();
        Task[] others;
        lock (pile._items)
            others = [.. pile._others];
        Task.WaitAll(others, CancellationToken.None); // They end by themselves, and hold handles until then.
        if (pile._failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Adds something to do.</summary>
    public void Push(T item)
    {
        lock (_items)
        {
            _items.Push(item);
            _outstanding++;
            Monitor.Pulse(_items);
            if (_items.Count > WorthAnotherThread && _others.Count + 1 < s_maxThreads)
                _others.Add(Task.Run(WorkOn, CancellationToken.None));
        }
    }

    private void WorkOn()
    {
        while (TryTake(out var item))
        {
            Exception? failure = null;
            try
            {
                _cancellation.ThrowIfCancellationRequested();
                _work(item, this);
            }
#pragma warning disable CA1031 // Handed on to the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
            lock (_items)
            {
                _failure ??= failure;
                if (--_outstanding == 0 || _failure is not null)
                    Monitor.PulseAll(_items);
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item)
    {
        lock (_items)
        {
            while (true)
            {
                item = default;
                if (_failure is not null || _outstanding == 0)
                    return false;
                if (_items.TryPop(out item))
                    return true;
                Monitor.Wait(_items);
            }
        }
    }
}
