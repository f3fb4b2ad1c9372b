using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>What ended a script block of a test file, as message and place.</summary>
internal sealed record TestFailure(string ErrorId, string Message, string Trace)
{
    /// <summary>Error ids by which a test says that it was skipped or failed an assertion.</summary>
    public const string SkippedId = "PesterTestSkipped";

    /// <summary>The error id of a Should that does not hold, the same as Pester's.</summary>
    public const string AssertionId = "PesterAssertionFailed";

    public bool IsSkip => ErrorId == SkippedId || ErrorId.StartsWith(SkippedId + ",", StringComparison.Ordinal);

    /// <summary>Describes an exception; one that means "stop the run" is passed on.</summary>
    public static TestFailure Of(Exception exception)
    {
        switch (exception)
        {
            case PipelineStoppedException:
                throw exception;
            case FlowControlException:
                return new TestFailure("FlowControl", "A break, continue or exit left the test; the runner does not follow it out of there.", string.Empty);
            case RuntimeException { ErrorRecord: { } inner } runtime:
                var record = new ErrorRecord(inner, runtime);
                return new TestFailure(record.FullyQualifiedErrorId, MessageOf(record), TraceOf(record));
            default:
                return new TestFailure(exception.GetType().Name, exception.Message, exception.StackTrace ?? string.Empty);
        }
    }

    private static string MessageOf(ErrorRecord record)
    {
        var message = record.ErrorDetails?.Message ?? record.Exception.Message;
        var id = record.FullyQualifiedErrorId;
        return id.StartsWith(AssertionId, StringComparison.Ordinal) || id.StartsWith(SkippedId, StringComparison.Ordinal)
            ? message
            : $"{record.Exception.GetType().Name}: {message} ({id})";
    }

    private static string TraceOf(ErrorRecord record)
    {
        var place = record.InvocationInfo?.PositionMessage;
        var calls = (record.ScriptStackTrace ?? string.Empty).Split('\n').Where(line => !IsOfRunner(line));
        return string.Join('\n', calls.Prepend(place).Where(text => !string.IsNullOrWhiteSpace(text)));
    }

    private static bool IsOfRunner(string line)
        => line.Contains(", <No file>:", StringComparison.Ordinal) || line.Contains(TestSession.ScopeFileName, StringComparison.Ordinal);
}
