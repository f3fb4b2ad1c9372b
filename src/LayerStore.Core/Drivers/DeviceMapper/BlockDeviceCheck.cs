using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>Whether a block device may be taken for a pool: what is on it would be lost.</summary>
internal static class BlockDeviceCheck
{
    /// <summary>Refuses a device that is in use or that has something on it.</summary>
    /// <param name="device">Its path.</param>
    /// <param name="force">True to take one with a file system or partitions on it; never one that somebody uses now.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.BlockDeviceInUse"/>, <see cref="ErrorIds.DriverOptionInvalid"/>.</exception>
    public static void RefuseUsed(string device, bool force)
    {
        if (BlockDevice.NumberOf(device) is null)
            throw new StoreException(
                ErrorIds.DriverOptionInvalid, StoreErrorKind.InvalidArgument, device, $"'{Printable.Escape(device)}' is no block device.", "Name a block device (lsblk lists them).");
        if (BlockDevice.IsInUse(device))
            throw Used(device, "it is in use: mounted, swap, or part of another device", "Give a device that nobody uses; 'lsblk' shows who does.");
        if (Lvm.TryRun("pvs", "--noheadings", "-o", "vg_name", device)?.Trim() is { Length: > 0 } group)
            throw Used(device, $"it belongs to the volume group '{group}'", "Give another device, or take it out of its group (vgreduce, pvremove).");
        if (!force && Signature(device) is { } signature)
            throw Used(device, $"it has something on it ({signature})", "Give an empty device; or, where what is on it may be lost, wipe it (wipefs -a) or say dm.directlvm_device_force=true.");
    }

    /// <summary>What is on a device, as blkid finds it; null for nothing.</summary>
    private static string? Signature(string device)
    {
        var (code, output, error) = ExternalProgram.TryRun("blkid", "util-linux", "-p", "-o", "export", device);
        return code switch
        {
            // Nothing was found.
            2 => null,
            0 => string.Join(", ", output.Split('\n').Where(line => line.StartsWith("TYPE=", StringComparison.Ordinal) || line.StartsWith("PTTYPE=", StringComparison.Ordinal))
                .DefaultIfEmpty("a signature")),
            // More than one signature, or it could not be read: not empty as far as anybody knows.
            _ => Printable.Escape($"{output} {error}".Trim()) is { Length: > 0 } said ? said : "blkid finds several signatures",
        };
    }

    private static StoreException Used(string device, string why, string remedy) => new(
        ErrorIds.BlockDeviceInUse, StoreErrorKind.InUse, device, $"The block device '{Printable.Escape(device)}' cannot be taken: {why}.", remedy);
}
