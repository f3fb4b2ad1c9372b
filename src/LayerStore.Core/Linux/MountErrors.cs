using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LayerStore.Linux;

/// <summary>The errors of mounting.</summary>
internal static class MountErrors
{
    private const string DefaultRemedy = "See the kernel's log (dmesg) for the cause, and probe the driver on the store's file system.";

    /// <summary>A mount that the kernel refused.</summary>
    /// <param name="type">The file system's name.</param>
    /// <param name="target">Where, or of what, the mount was to be.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="explanation">The kernel's own words; empty where it has none.</param>
    public static StoreException Failed(string type, string target, int errno, string explanation)
    {
        var cause = Marshal.GetPInvokeErrorMessage(errno);
        var kernel = explanation.Length > 0 ? $"; the kernel says: {Printable.Escape(explanation)}" : "";
        var (id, kind, remedy) = errno switch
        {
            Errno.EPERM or Errno.EACCES => (ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied,
                "Run as root (CAP_SYS_ADMIN in the mount namespace). Without it, only containers of a store with the vfs driver can be used: read-write and at their own place, "
                + "which takes no mount (Mount-Container without -ReadOnly and -Path)."),
            Errno.ENOSPC => (ErrorIds.DiskFull, StoreErrorKind.NoSpace, DefaultRemedy),
            Errno.EBUSY => (ErrorIds.MountBusy, StoreErrorKind.InUse, "Somebody else has it mounted, or is just mounting or unmounting it: try again."),
            Errno.ENODEV => (ErrorIds.MountFailed, StoreErrorKind.InputOutput, $"The kernel has no such file system: run 'modprobe {type}', or use the vfs driver."),
            _ => (ErrorIds.MountFailed, StoreErrorKind.InputOutput, DefaultRemedy),
        };
        return new StoreException(id, kind, target, $"Could not mount '{Printable.Escape(target)}': {cause}{kernel}.", remedy, new Win32Exception(errno));
    }

    /// <summary>The device or dataset that was to be mounted is not there.</summary>
    public static StoreException SourceMissing(string source, Exception cause) => new(
        ErrorIds.LayerNotFound, StoreErrorKind.NotFound, source,
        $"Could not mount '{Printable.Escape(source)}': it does not exist. Somebody destroyed it outside of LayerStore.",
        "Import or pull the image again, which lays an image's layers anew; a container whose own layer is gone can only be removed (Remove-Container). Other layers are not affected.", cause);
}
