using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>What every cmdlet of the module has in common: how errors become error records, how paths are read, and how Ctrl-C reaches the library.</summary>
/// <remarks>
/// The default parameter set of the cmdlets is the one whose parameter is bound by property name. PowerShell tries the default set before the others in each of its
/// steps, and turns objects into strings in a later one: otherwise Root alone would be bound, and a mount, as a string a path, be taken for a name.
/// The parameter is not mandatory, since PowerShell would then take strings of the pipeline for nothing else; <see cref="RequireTarget"/> is its guard.
/// </remarks>
public abstract class ModuleCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled when the user presses Ctrl-C.</summary>
    private protected CancellationToken Cancellation => _stop.Token;

    /// <summary>True where the user gave a parameter, whatever its value.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

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

    /// <summary>Lets go of what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stop.Dispose();
    }

    /// <summary>As PowerShell's own; where nobody can be asked (-NonInteractive, no standard input) that is said, and what helps.</summary>
    private protected new bool ShouldProcess(string target, string action)
    {
        try
        {
            return base.ShouldProcess(target, action);
        }
        // Hosts throw what they like: an InvalidOperationException, a HostException, some a NullReferenceException.
        catch (Exception exception) when (exception is System.Management.Automation.Host.HostException || !ErrorRecords.IsControlFlow(exception))
        {
            throw new StoreException(
                ErrorIds.ConfirmationUnavailable, StoreErrorKind.InvalidArgument, target,
                $"Nobody can be asked here whether to do this ({action}, {target}): {exception.Message}",
                "Give -Confirm:$false where it shall be done unasked; -WhatIf shows what that would be.", exception);
        }
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

    /// <summary>The files that a path means, with wildcards or without.</summary>
    /// <param name="path">The path.</param>
    /// <param name="missing">See <see cref="ResolveWildcards"/>.</param>
    private protected IReadOnlyList<string> ResolveInputs(string path, string missing) =>
        WildcardPattern.ContainsWildcardCharacters(path) ? ResolveWildcards(path, missing) : [ResolveFilePath(path)];

    /// <summary>The files that a path with wildcards means.</summary>
    /// <param name="path">The path.</param>
    /// <param name="missing">The error's id where the path leads nowhere, a drive that does not exist for one.</param>
    private protected IReadOnlyList<string> ResolveWildcards(string path, string missing)
    {
        try
        {
            return GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (SessionStateException exception)
        {
            throw new StoreException(
                missing, StoreErrorKind.NotFound, path, $"'{Printable.Escape(path)}' names nothing: {exception.Message}", "Check the path.", exception);
        }
    }

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
}
