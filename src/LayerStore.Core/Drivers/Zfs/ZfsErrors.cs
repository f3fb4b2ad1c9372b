using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>The errors of zfs(8) and zpool(8).</summary>
internal static class ZfsErrors
{
    /// <summary>A command that failed for a reason that only itself tells.</summary>
    /// <param name="operation">What was tried, as a verb with its object.</param>
    /// <param name="target">The dataset or pool.</param>
    /// <param name="result">What came back.</param>
    public static StoreException Failed(string operation, string target, ZfsResult result)
    {
        var denied = Libc.Geteuid() != 0;
        return new StoreException(
            denied ? ErrorIds.PermissionDenied : ErrorIds.ProgramFailed,
            denied ? StoreErrorKind.PermissionDenied : StoreErrorKind.InputOutput,
            target, $"Could not {operation} '{Printable.Escape(target)}': {result.Complaint}.",
            denied ? "Run as root, or use a store with the vfs driver." : "Look at the pool ('zpool status') and at the kernel's log (dmesg).");
    }

    /// <summary>No space is left in the pool, or under the parent dataset's quota.</summary>
    public static StoreException Full(string parent, string operation, string target) => new(
        ErrorIds.DiskFull, StoreErrorKind.NoSpace, target,
        $"Could not {operation} '{Printable.Escape(target)}': no space is left for '{Printable.Escape(parent)}'.",
        $"See 'zfs list -o space {Printable.Escape(parent)}': remove images, containers or snapshots, raise its quota, or add a disk to the pool. Nothing of it was kept.");

    /// <summary>The dataset that holds all layers is not there.</summary>
    public static StoreException ParentMissing(string parent) => new(
        ErrorIds.PoolUnavailable, StoreErrorKind.InputOutput, parent, $"The dataset '{Printable.Escape(parent)}', which the layers belong into, does not exist.",
        "Was it renamed or destroyed ('zpool history')? Give its name back ('zfs rename'), or restore it.");

    /// <summary>A layer's dataset, or the snapshot that makes it a parent, is not there.</summary>
    public static StoreException Missing(LayerId id, string dataset) => new(
        ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id.Value,
        $"The layer {id.Value[..12]} is not on disk: there is no '{Printable.Escape(dataset)}' ('zpool history' may tell who destroyed it).",
        LayerFiles.Relay + " Other layers are not affected.");

    /// <summary>What is left of a layer that lost its snapshot stands in the way of the same layer laid anew.</summary>
    public static StoreException StillInUse(LayerId id, string dataset) => new(
        ErrorIds.MountBusy, StoreErrorKind.InUse, id.Value,
        $"The layer {id.Value[..12]} lost its snapshot and is to be laid anew, but what is left of its dataset '{Printable.Escape(dataset)}' is in use: it is mounted, or others are clones of it.",
        "Unmount it, or give what is worth keeping of it another name ('zfs rename'; 'zfs get clones' on its snapshots shows who began as it), then import the image again.");

    /// <summary>A layer that is to be removed is mounted.</summary>
    public static StoreException Mounted(LayerId id, string point) => new(
        ErrorIds.MountBusy, StoreErrorKind.InUse, id.Value,
        $"The layer {id.Value[..12]} is mounted at '{Printable.Escape(point)}'.", "Unmount it (umount), then remove again.");
}
