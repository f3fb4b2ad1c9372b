using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>The errors of mounting.</summary>
internal static class MountErrors
{
    /// <summary>A mount that the kernel refused.</summary>
    /// <param name="type">The file system's name.</param>
    /// <param name="target">Where, or of what, the mount was to be.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="explanation">The kernel's own words; empty where it has none.</param>
    public static StoreException Failed(string type, string target, int errno, string explanation)
    {
        var cause = Marshal.GetPInvokeErrorMessage(errno);
        var kernel = explanation.Length > 0 ? $"; the kernel says: {Printable.Escape(explanation)}" : "";
        var denied = errno is Errno.EPERM or Errno.EACCES;
        return new StoreException(
            denied ? ErrorIds.PermissionDenied : errno == Errno.ENOSPC ? ErrorIds.DiskFull : ErrorIds.MountFailed,
            denied ? StoreErrorKind.PermissionDenied : errno == Errno.ENOSPC ? StoreErrorKind.NoSpace : StoreErrorKind.InputOutput,
            target,
            $"Could not mount '{Printable.Escape(target)}': {cause}{kernel}.",
            denied
                ? "Run as root (CAP_SYS_ADMIN in the mount namespace). Without it, only containers of a store with the vfs driver can be used: read-write and at their own place, "
                    + "which takes no mount (Mount-Container without -ReadOnly and -Path)."
                : errno == Errno.ENODEV
                    ? $"The kernel has no such file system: run 'modprobe {type}', or use the vfs driver."
                    : "See the kernel's log (dmesg) for the cause, and probe the driver on the store's file system.");
    }
}
