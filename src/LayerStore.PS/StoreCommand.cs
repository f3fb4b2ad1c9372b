using System.Management.Automation;
using LayerStore.PS.Completion;
using LayerStore.PS.Progress;

namespace LayerStore.PS;

/// <summary>A cmdlet that works on stores: it knows which, opens them, and shows progress.</summary>
public abstract partial class StoreCommand : ModuleCommand
{
    // PowerShell drops progress records that follow each other faster.
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Store> _stores = new(StringComparer.Ordinal);

    /// <summary>
    /// The store's root directory; without it <c>$env:LAYERSTORE_ROOT</c>, else the configuration's, else <c>/var/lib/layerstore</c> for root and
    /// <c>layerstore</c> in the user's data directory for everybody else.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public virtual string? Root { get; set; }

    /// <summary>True where the cmdlet changes stores: they are then opened for writing, except under -WhatIf.</summary>
    private protected virtual bool ChangesStore => false;

    /// <summary>Closes the stores that were opened.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var store in _stores.Values)
                store.Dispose();
            _stores.Clear();
        }
        base.Dispose(disposing);
    }

    /// <summary>The absolute root directory that <paramref name="root"/>, -Root or the defaults name.</summary>
    private protected string ResolveRoot(string? root = null) =>
        ResolveFilePath(Root ?? root ?? DefaultRoot());

    /// <summary>The store at <paramref name="root"/>; null where there is none. Nothing is made.</summary>
    private protected Store? FindStore(string root)
    {
        if (_stores.TryGetValue(root, out var store))
            return store;
        if (!Store.Exists(root))
            return null;
        return Open(new StoreOptions { Root = root, CreateIfMissing = ChangesStore && !IsWhatIf, KeepsDatabaseOpen = true });
    }

    /// <summary>The store at <paramref name="root"/>, where there must be one.</summary>
    private protected Store RequireStore(string root) =>
        FindStore(root) ?? throw new StoreException(
            ErrorIds.StoreNotFound, StoreErrorKind.NotFound, root, $"There is no store at '{Printable.Escape(root)}'.",
            "Name another root (-Root, $env:LAYERSTORE_ROOT), or make a store there (Initialize-Storage, Import-ContainerImage).");

    /// <summary>The store at <paramref name="root"/>, made where there is none. To be called only after ShouldProcess.</summary>
    private protected Store OpenOrCreateStore(string root) =>
        _stores.TryGetValue(root, out var store) ? store : Open(new StoreOptions { Root = root, Defaults = DefaultsFor(root), KeepsDatabaseOpen = true });

    /// <summary>Says that a container could not be measured; the others are.</summary>
    private protected void ReportUnmeasured(Container container, StoreException error) => WriteError(ErrorRecords.From(error, container));

    /// <summary>Emits objects one by one, so that errors can stand between them.</summary>
    private protected void WriteEach(IEnumerable<object> items)
    {
        foreach (var item in items)
            WriteObject(item);
    }

    /// <summary>Does something on another thread while <paramref name="board"/> is shown, and takes the board from the screen at the end.</summary>
    private protected T RunWithProgress<T>(IProgressBoard board, Func<T> work)
    {
        try
        {
            return RunShowing(board, work);
        }
        finally
        {
            Clear(board);
        }
    }

    /// <summary>Takes a board from the screen, where anybody still looks.</summary>
    private protected void Clear(IProgressBoard board)
    {
        if (!Stopping)
            board.Complete(WriteProgress);
    }

    /// <summary>Runs long work on another thread and shows its progress from this one, the pipeline's: no other may talk to the user.</summary>
    private protected T RunShowing<T>(IProgressBoard board, Func<T> work)
    {
        var task = Task.Run(work);
        try
        {
            while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(s_progressInterval))
                board.Show(WriteProgress);
            board.Show(WriteProgress);
        }
        catch
        {
            // Nobody waits for the result any more, but what the work undoes must be undone before this returns.
            StopProcessing();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            _ = task.Exception;
            throw;
        }
        return task.GetAwaiter().GetResult();
    }

    private protected Store Open(StoreOptions options)
    {
        try
        {
            return _stores[options.Root!] = Store.Open(options);
        }
        catch (Exception exception) when (!ErrorRecords.IsControlFlow(exception))
        {
            // Without its store a cmdlet can do nothing for any input.
            ThrowTerminatingError(ErrorRecords.From(exception, options.Root));
            throw;
        }
    }
}
