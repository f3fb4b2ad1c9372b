namespace LayerStore.Drivers;

/// <summary>How much a writable layer may take; null is no limit.</summary>
/// <param name="MaxBytes">Bytes.</param>
/// <param name="MaxInodes">Inodes.</param>
public sealed record LayerQuota(long? MaxBytes, long? MaxInodes = null);
