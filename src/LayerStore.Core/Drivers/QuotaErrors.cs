namespace LayerStore.Drivers;

/// <summary>What is said where layers cannot be limited.</summary>
internal static class QuotaErrors
{
    private const string Remedy =
        "Leave the size out and limit the file system that the store stands on; or use a store that can: overlay2 or vfs on xfs (mounted with pquota) or on ext4 (feature project, "
        + "mounted with prjquota), btrfs with quota on, zfs, or devicemapper.";

    /// <summary>The driver cannot limit its layers there.</summary>
    /// <param name="driver">Its name.</param>
    /// <param name="target">What the user gave: an option or a layer.</param>
    /// <param name="reason">What is missing, as a clause; empty where nobody looked.</param>
    public static StoreException Unsupported(string driver, string target, string reason = "") => new(
        ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, target,
        $"The driver {driver} cannot limit the size of its layers here{(reason.Length > 0 ? ": " + reason : "")}.", Remedy);
}
