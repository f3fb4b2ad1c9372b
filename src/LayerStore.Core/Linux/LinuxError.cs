using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>Turns an error number into the exception that users see: the thing, the cause, the next step.</summary>
internal static class LinuxError
{
    /// <summary>The exception for the error that the last system call of this thread left.</summary>
    public static StoreException Last(string operation, string target) => From(Marshal.GetLastPInvokeError(), operation, target);

    /// <summary>The exception for <paramref name="errno"/>.</summary>
    /// <param name="errno">The error number.</param>
    /// <param name="operation">What was tried, as a verb with its object: "create the directory".</param>
    /// <param name="target">The path or entry; escaped here.</param>
    public static StoreException From(int errno, string operation, string target)
    {
        var name = Printable.Escape(target);
        var cause = Marshal.GetPInvokeErrorMessage(errno);
        var message = $"Could not {operation} '{name}': {cause}.";
        return errno switch
        {
            Errno.ENOSPC => new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, target, message,
                "Free space (or inodes: df -i) on the file system of the store and run the command again; nothing of it was kept."),
            Errno.EDQUOT => new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, target, message,
                "Raise the quota or free space under it and run the command again; nothing of it was kept."),
            Errno.EACCES or Errno.EPERM => new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, target, message,
                "Run as root, or use a store root that you own with the vfs driver."),
            Errno.EROFS => new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, target, message,
                "The file system is read-only: remount it writable or use another store root."),
            _ => new StoreException(ErrorIds.InputOutputError, StoreErrorKind.InputOutput, target, message,
                "Look at the kernel's log for a failing disk, and at the path's owner and free space."),
        };
    }

    /// <summary>The exception for what .NET's own file classes threw.</summary>
    /// <param name="error">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <param name="operation">What was tried, as a verb: "write".</param>
    /// <param name="path">The file; escaped here.</param>
    public static StoreException From(Exception error, string operation, string path)
    {
        if (error is IOException && error.HResult is Errno.ENOSPC or Errno.EDQUOT)
            return From(error.HResult, operation, path);
        var denied = error is UnauthorizedAccessException;
        return new StoreException(
            denied ? ErrorIds.PermissionDenied : ErrorIds.InputOutputError,
            denied ? StoreErrorKind.PermissionDenied : StoreErrorKind.InputOutput,
            path, $"Could not {operation} '{Printable.Escape(path)}': {error.Message}",
            "Look at the free space and the owner of its directory.", error);
    }
}
