namespace LayerStore.Images.Formats;

/// <summary>The errors of image archives: what each says is written once.</summary>
internal static class ArchiveFaults
{
    public static StoreException NotFound(string path) => new(
        ErrorIds.ArchiveNotFound, StoreErrorKind.NotFound, path,
        $"There is no image archive '{Printable.Escape(path)}'.",
        "Give the path of a docker-archive (docker save), an OCI archive or an OCI layout directory.");

    public static StoreException Unrecognized(string path, string reason) => new(
        ErrorIds.ArchiveUnrecognized, StoreErrorKind.InvalidData, path,
        $"'{Printable.Escape(path)}' is no image archive: {reason}.",
        "Give a docker-archive (docker save), an OCI archive or an OCI layout directory (skopeo copy … oci:DIR, docker buildx build -o type=oci).");

    public static StoreException Truncated(string name, string reason) => new(
        ErrorIds.ArchiveTruncated, StoreErrorKind.InvalidData, name,
        $"'{Printable.Escape(name)}' is cut short: {reason}.",
        "Copy or save the archive again; the download or the disk may have ended early.");

    public static StoreException Corrupt(string name, string reason) => new(
        ErrorIds.ArchiveCorrupt, StoreErrorKind.InvalidData, name,
        $"'{Printable.Escape(name)}' is corrupt: {reason}.",
        "Copy or save the archive again.");

    /// <summary>The same error with the archive's name: the floor below sees a stream and knows none.</summary>
    public static StoreException Named(string path, StoreException error) => new(
        error.ErrorId, error.Kind, path, $"'{Printable.Escape(path)}' cannot be read. {error.Message}", error.RecommendedAction, error);

    public static StoreException LimitExceeded(string name, string reason, string? option = null) => new(
        ErrorIds.ArchiveLimitExceeded, StoreErrorKind.Security, name,
        $"'{Printable.Escape(name)}' breaks a limit: {reason}.",
        option is null
            ? "No image needs so much: do not trust this archive, make it again from its source."
            : $"If you trust the archive, raise {option} of the import's options.");

    public static StoreException UnsafePath(string name, string reason) => new(
        ErrorIds.ArchiveUnsafePath, StoreErrorKind.Security, name,
        $"'{Printable.Escape(name)}' {reason}.",
        "Do not trust this archive; make it again from its source.");

    public static StoreException BlobMissing(string archive, string name) => new(
        ErrorIds.BlobMissing, StoreErrorKind.InvalidData, name,
        $"The archive '{Printable.Escape(archive)}' has no '{Printable.Escape(name)}', which its manifest names.",
        "Save the image again; the archive is incomplete.");

    public static StoreException SizeMismatch(string name, long expected, long actual) => new(
        ErrorIds.BlobSizeMismatch, StoreErrorKind.InvalidData, name,
        $"The blob '{Printable.Escape(name)}' has {actual} bytes; its descriptor says {expected}.",
        "Copy or save the archive again; do not use this one.");

    public static StoreException DigestMismatch(string name, Digest expected, Digest actual) => new(
        ErrorIds.BlobDigestMismatch, StoreErrorKind.InvalidData, name,
        $"The blob '{Printable.Escape(name)}' has the digest {actual}; expected was {expected}.",
        "Copy or save the archive again; do not use this one.");

    public static StoreException ManifestInvalid(string document, string reason, Exception? cause = null) => new(
        ErrorIds.ManifestInvalid, StoreErrorKind.InvalidData, document,
        $"'{Printable.Escape(document)}' is not valid: {reason}.",
        "Save the image again with docker save, skopeo or buildah.", cause);

    public static StoreException ConfigInvalid(string document, string reason, Exception? cause = null) => new(
        ErrorIds.ConfigInvalid, StoreErrorKind.InvalidData, document,
        $"The image configuration '{Printable.Escape(document)}' is not valid: {reason}.",
        "Save or build the image again.", cause);

    public static StoreException PlatformNotFound(string image, string wanted, IEnumerable<string> offered) => new(
        ErrorIds.ImagePlatformNotFound, StoreErrorKind.NotFound, image,
        $"'{Printable.Escape(image)}' has no image for {Printable.Escape(wanted)}; it has: {Printable.Escape(string.Join(", ", offered))}.",
        "Name one of those platforms, or take all of them.");
}
