namespace LayerStore;

/// <summary>What sort of failure it is; the cmdlets map it to PowerShell's <c>ErrorCategory</c>.</summary>
public enum StoreErrorKind
{
    /// <summary>Nothing has that name or id.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    AlreadyExists,

    /// <summary>Somebody uses it: a container its image, a mount its container.</summary>
    InUse,

    /// <summary>The operating system refused.</summary>
    PermissionDenied,

    /// <summary>What was read is not what it should be: truncated, corrupt, another digest.</summary>
    InvalidData,

    /// <summary>What the caller asked for is no valid request.</summary>
    InvalidArgument,

    /// <summary>What was read tries to do harm or breaks a limit.</summary>
    Security,

    /// <summary>This machine, kernel or file system cannot do it.</summary>
    NotSupported,

    /// <summary>The disk or the quota is full.</summary>
    NoSpace,

    /// <summary>The store itself is damaged or was left in a state that nobody may mend unasked.</summary>
    StoreDamaged,

    /// <summary>Reading or writing failed for another reason.</summary>
    InputOutput,
}
