using System.Management.Automation;
using LayerStore.PS.Progress;

namespace LayerStore.PS;

/// <summary>
/// What every cmdlet of the module has in common: which store, how errors become error records, and how Ctrl-C reaches the library.
/// </summary>
/// <remarks>
/// The default parameter set of the cmdlets is the one whose parameter is bound by property name. PowerShell tries the default set before the others in each of its
/// steps, and turns objects into strings in a later one: otherwise Root alone would be bound, and a mount, as a string a path, be taken for a name.
/// The parameter is not mandatory, since PowerShell would then take strings of the pipeline for nothing else; <see cref="RequireTarget"/> is its guard.
/// </remarks>
public abstract class StoreCommand : PSCmdlet, IDisposable
{
    // PowerShell drops progress records that follow each other faster.
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Store> _stores = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>
    /// The store's root directory; without it <c>$env:LAYERSTORE_ROOT</c>, else <c>/var/lib/layerstore</c> for root and <c>layerstore</c> in the
    /// user's data directory for everybody else.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("StorePath")]
    [ValidateNotNullOrEmpty]
    public virtual string? Root { get; set; }

    /// <summary>Cancelled when the user presses Ctrl-C.</summary>
    private protected CancellationToken Cancellation => _stop.Token;

    /// <summary>True where the cmdlet changes stores: they are then opened for writing, except under -WhatIf.</summary>
    private protected virtual bool ChangesStore => false;

    /// <summary>True under -WhatIf or <c>$WhatIfPreference</c>: nothing may be touched.</summary>
    private protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound)
        ? bound is SwitchParameter { IsPresent: true } or true
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>True where the text of ShouldProcess will be seen; what costs time to say is looked up only then.</summary>
    private protected bool IsTargetShown =>
        IsWhatIf || MyInvocation.BoundParameters.ContainsKey("Verbose")
        || !(MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm) && confirm is SwitchParameter { IsPresent: false });

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(null, ProcessInput);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(null, ProcessEnd);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Closes the stores that were opened.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var store in _stores.Values)
            store.Dispose();
        _stores.Clear();
        _stop.Dispose();
    }

    /// <summary>One record of the pipeline.</summary>
    private protected abstract void ProcessInput();

    /// <summary>After the last record.</summary>
    private protected virtual void ProcessEnd()
    {
    }

    /// <summary>Does something for one target; its failure is one non-terminating error.</summary>
    private protected void Guard(object? target, Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception exception) when (!ErrorRecords.IsControlFlow(exception))
        {
            WriteError(ErrorRecords.From(exception, target));
        }
    }

    /// <summary>Does something for each of several targets; a failure of one does not keep the others from theirs.</summary>
    private protected void ForEach<T>(IEnumerable<T>? targets, Action<T> action)
    {
        foreach (var target in targets ?? [])
        {
            Cancellation.ThrowIfCancellationRequested();
            Guard(target, () => action(target));
        }
    }

    /// <summary>Fails where the user named nothing to work on.</summary>
    private protected static void RequireTarget(params ReadOnlySpan<object?> targets)
    {
        foreach (var target in targets)
        {
            if (target is not null)
                return;
        }
        throw new StoreException(
            ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, null,
            "Nothing was named to work on.", "Give a name, or objects through the pipeline.");
    }

    /// <summary>The absolute root directory that <paramref name="root"/>, -Root or the defaults name.</summary>
    private protected string ResolveRoot(string? root = null) =>
        ResolveFilePath(Root ?? root ?? Store.DefaultRoot());

    /// <summary>An absolute path of the file system, relative ones taken from PowerShell's current location.</summary>
    private protected string ResolveFilePath(string path)
    {
        if (Path.IsPathFullyQualified(path))
            return Path.GetFullPath(path);
        string cause;
        try
        {
            var resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.Name == "FileSystem")
                return resolved;
            cause = $"it belongs to the provider {provider.Name}";
        }
        catch (SessionStateException exception)
        {
            cause = exception.Message.TrimEnd('.');
        }
        throw new StoreException(
            ErrorIds.PathInvalid, StoreErrorKind.InvalidArgument, path,
            $"'{Printable.Escape(path)}' is no path of the file system: {cause}.",
            "Give a path of the file system, absolute or with a leading './'.");
    }

    /// <summary>The store at <paramref name="root"/>; null where there is none. Nothing is made.</summary>
    private protected Store? FindStore(string root)
    {
        if (_stores.TryGetValue(root, out var store))
            return store;
        if (!Store.Exists(root))
            return null;
        return Open(new StoreOptions { Root = root, CreateIfMissing = ChangesStore && !IsWhatIf, KeepsDatabaseOpen = true });
    }

    /// <summary>The store at <paramref name="root"/>, made where there is none. To be called only after ShouldProcess.</summary>
    private protected Store OpenOrCreateStore(string root) =>
        _stores.TryGetValue(root, out var store) ? store : Open(new StoreOptions { Root = root, KeepsDatabaseOpen = true });

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
