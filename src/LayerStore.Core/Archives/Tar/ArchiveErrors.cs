namespace LayerStore.Archives.Tar;

/// <summary>What can be wrong with an archive, in the words that users see.</summary>
internal static class ArchiveErrors
{
    private const string Again = "Fetch or build the archive again: what is here is not what its author wrote.";

    public static StoreException Truncated(string where) => new(
        ErrorIds.ArchiveTruncated, StoreErrorKind.InvalidData, null, $"The archive ends too early: {where}.",
        "Copy or download the archive again; nothing of it was kept.");

    public static StoreException Corrupt(string what, Exception? inner = null) => new(
        ErrorIds.ArchiveCorrupt, StoreErrorKind.InvalidData, null, $"The archive is corrupt: {what}.", Again, inner);

    public static StoreException CorruptEntry(string entry, string what) => new(
        ErrorIds.ArchiveCorrupt, StoreErrorKind.InvalidData, entry, $"The archive's entry '{entry}' is corrupt: {what}.", Again);

    public static StoreException Unsupported(string entry, string what) => new(
        ErrorIds.ArchiveEntryUnsupported, StoreErrorKind.NotSupported, entry, $"The archive's entry '{entry}' cannot be extracted: {what}.",
        "Build the layer without this entry, or write the archive in ustar, PAX or GNU format.");

    public static StoreException Unsafe(string entry, string what) => new(
        ErrorIds.ArchiveUnsafePath, StoreErrorKind.Security, entry, $"The archive's entry '{entry}' is refused: {what}.",
        "Do not trust this archive; look where it comes from.");

    public static StoreException LimitExceeded(string? entry, string what, string limit, long value) => new(
        ErrorIds.ArchiveLimitExceeded, StoreErrorKind.Security, entry,
        (entry is null ? "The archive" : $"The archive's entry '{entry}'") + $" {what}; the limit {limit} is {value}.",
        $"Raise {limit} where you trust the archive.");
}
