using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Turns what the library throws into error records: a stable id, a category, the thing, the cause and the next step.</summary>
internal static class ErrorRecords
{
    internal const string UnexpectedId = "UnexpectedError";

    internal static ErrorRecord From(Exception exception, object? target) => exception switch
    {
        StoreException failure => From(failure, target),
        UnauthorizedAccessException => Make(exception, ErrorIds.PermissionDenied, ErrorCategory.PermissionDenied, target,
            exception.Message, "Run as a user who may do this, or choose another -Root."),
        IOException => Make(exception, ErrorIds.InputOutputError, ErrorCategory.ReadError, target,
            exception.Message, "See the message of the operating system; try again when its cause is gone."),
        PlatformNotSupportedException or DllNotFoundException or EntryPointNotFoundException => Make(
            exception, ErrorIds.PlatformUnsupported, ErrorCategory.NotInstalled, target,
            exception.Message, "Use Linux on x64 or arm64; Get-StorageInfo says what works here."),
        _ => Make(exception, UnexpectedId, ErrorCategory.NotSpecified, target,
            $"LayerStore failed in a way that it does not know ({exception.GetType().Name}): {exception.Message}",
            "This is a defect: please report it with the output of Get-Error."),
    };

    /// <summary>True for what PowerShell itself throws to steer a pipeline: it must pass untouched.</summary>
    internal static bool IsControlFlow(Exception exception) =>
        exception is RuntimeException or FlowControlException || exception.GetType().Name == "HaltCommandException";

    internal static ErrorCategory CategoryOf(StoreErrorKind kind) => kind switch
    {
        StoreErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        StoreErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        StoreErrorKind.InUse => ErrorCategory.ResourceBusy,
        StoreErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        StoreErrorKind.InvalidData => ErrorCategory.InvalidData,
        StoreErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        StoreErrorKind.Security => ErrorCategory.SecurityError,
        StoreErrorKind.NotSupported => ErrorCategory.NotInstalled,
        StoreErrorKind.NoSpace => ErrorCategory.LimitsExceeded,
        StoreErrorKind.StoreDamaged => ErrorCategory.InvalidData,
        _ => ErrorCategory.ReadError,
    };

    private static ErrorRecord From(StoreException failure, object? target) => Make(
        failure, failure.ErrorId, CategoryOf(failure.Kind), target ?? failure.Target, failure.Message, failure.RecommendedAction);

    private static ErrorRecord Make(
        Exception exception, string id, ErrorCategory category, object? target, string message, string recommendedAction) =>
        new(exception, id, category, target)
        {
            // PowerShell's default view shows the recommendation below the message, on a line of its own.
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = recommendedAction },
        };
}
