using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>What one overlay may stack, and the errors of going beyond.</summary>
internal static class OverlayLimits
{
    /// <summary>OVL_MAX_STACK of fs/overlayfs.</summary>
    public const int MaxLowers = 500;

    public static StoreException TooDeep(string target, int layers, int limit, string reason) => new(
        ErrorIds.LayerDepthExceeded, StoreErrorKind.NotSupported, target,
        $"An overlay of {layers} layers at '{Printable.Escape(target)}' is too deep: {limit} is the limit, because {reason}.",
        "Squash the image into fewer layers, or use the vfs driver, which has no limit.");

    public static StoreException Failed(string target, int errno, string explanation)
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
                ? "Run as root (CAP_SYS_ADMIN in the mount namespace), or use a store with the vfs driver, which needs no mount."
                : errno == Errno.ENODEV
                    ? "The kernel has no such file system: run 'modprobe overlay', or use the vfs driver."
                    : "See the kernel's log (dmesg) for the cause, and probe the driver on the store's file system.");
    }
}
