using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-Throw: runs a script block and looks at what it threw.</summary>
internal sealed class Throwing(PSCmdlet command)
{
    public string? ExpectedMessage { get; init; }

    public string? ErrorId { get; init; }

    public Type? ExceptionType { get; init; }

    /// <summary>The error that was thrown, after <see cref="Check"/>.</summary>
    public ErrorRecord? Thrown { get; private set; }

    public Assertion Check(object? actual, bool negated)
    {
        if ((actual is PSObject wrapped ? wrapped.BaseObject : actual) is not ScriptBlock block)
        {
            throw new ArgumentException("-Throw needs a script block: { … } | Should -Throw.");
        }

        Thrown = ErrorOf(block);
        if (Thrown is null)
        {
            return new Assertion(Holds: false, Expectation(), "no exception", "no exception was thrown");
        }

        // With -Not no exception at all is expected, whatever else was asked for.
        var faults = negated ? [] : Faults(Thrown).ToList();
        var found = faults.Count > 0
            ? string.Join(" and ", faults)
            : $"an exception {ValueText.Of(Thrown.Exception.Message)} ({Thrown.FullyQualifiedErrorId}) was thrown";
        return new Assertion(faults.Count == 0, Expectation(), "no exception", found);
    }

    private ErrorRecord? ErrorOf(ScriptBlock block)
    {
        try
        {
            command.InvokeCommand.InvokeScript(useLocalScope: true, block, input: null);
            return null;
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (RuntimeException e)
        {
            // As catch does it: the record names the exception itself, not a stand-in for it.
            return new ErrorRecord(e.ErrorRecord, e);
        }
    }

    private string Expectation()
    {
        var filters = new List<string>();
        if (ExceptionType is not null)
        {
            filters.Add($"of type {ValueText.Of(ExceptionType)}");
        }

        if (!string.IsNullOrWhiteSpace(ExpectedMessage))
        {
            filters.Add($"with a message like {ValueText.Of(ExpectedMessage)}");
        }

        if (!string.IsNullOrWhiteSpace(ErrorId))
        {
            filters.Add($"with the error id {ValueText.Of(ErrorId)}");
        }

        return filters.Count == 0 ? "an exception" : "an exception " + string.Join(" and ", filters);
    }

    private IEnumerable<string> Faults(ErrorRecord error)
    {
        if (ExceptionType is not null && !ExceptionType.IsInstanceOfType(error.Exception))
        {
            yield return $"its type was {ValueText.Of(error.Exception.GetType())}";
        }

        if (!string.IsNullOrWhiteSpace(ExpectedMessage) && !IsLike(error.Exception.Message, ExpectedMessage))
        {
            yield return $"its message was {ValueText.Of(error.Exception.Message)}";
        }

        if (!string.IsNullOrWhiteSpace(ErrorId) && !IsLike(error.FullyQualifiedErrorId, ErrorId))
        {
            yield return $"its error id was {ValueText.Of(error.FullyQualifiedErrorId)}";
        }
    }

    private static bool IsLike(string actual, string wildcard) => WildcardPattern.Get(wildcard, WildcardOptions.IgnoreCase).IsMatch(actual);
}
