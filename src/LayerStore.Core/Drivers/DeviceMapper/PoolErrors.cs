namespace LayerStore.Drivers.DeviceMapper;

/// <summary>The errors of thin pools.</summary>
internal static class PoolErrors
{
    /// <summary>A pool without room.</summary>
    public static StoreException Full(string pool, string what, Exception? inner = null) => new(
        ErrorIds.DevicePoolFull, StoreErrorKind.NoSpace, pool, $"The thin pool '{Printable.Escape(pool)}' is full: {what}.",
        "Remove containers and images, or extend the pool (lvextend; a larger file system below the loop files); dm.min_free_space sets what is kept free. Everything can still be read.", inner);

    /// <summary>A pool that the kernel does not write any more.</summary>
    public static StoreException Failed(string pool, string what) => new(
        ErrorIds.DevicePoolFailed, StoreErrorKind.StoreDamaged, pool, $"The thin pool '{Printable.Escape(pool)}' cannot be written: {what}.",
        "See the kernel's log (dmesg) for the cause. With nothing mounted and the pool down, check its metadata with thin_check and mend it with thin_repair (package thin-provisioning-tools), or 'lvconvert --repair' for LVM's.");

    /// <summary>A pool that somebody else uses, or that is no pool.</summary>
    public static StoreException NotOurs(string pool, string what) => new(
        ErrorIds.BlockDeviceInUse, StoreErrorKind.InUse, pool, $"The thin pool '{Printable.Escape(pool)}' cannot be used: {what}.",
        "Give an empty thin pool that nobody else uses (dm.thinpooldev), or a new block device (dm.directlvm_device).");

    /// <summary>A layer whose device has gone from the pool.</summary>
    public static StoreException DeviceMissing(string device, int number, Exception inner) => new(
        ErrorIds.LayerNotFound, StoreErrorKind.NotFound, device,
        $"The device '{device}' cannot be used: the pool has no device {number}, or does not give it out. {inner.Message}",
        "Somebody deleted it from the pool, or the pool is another one. " + LayerFiles.Relay, inner);
}
