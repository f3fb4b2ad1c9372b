namespace LayerStore.Linux;

/// <summary>What one overlay may stack, and the error of going beyond.</summary>
internal static class OverlayLimits
{
    /// <summary>OVL_MAX_STACK of fs/overlayfs.</summary>
    public const int MaxLowers = 500;

    public static StoreException TooDeep(string target, int layers, int limit, string reason) => new(
        ErrorIds.LayerDepthExceeded, StoreErrorKind.NotSupported, target,
        $"An overlay of {layers} layers at '{Printable.Escape(target)}' is too deep: {limit} is the limit, because {reason}.",
        "Squash the image into fewer layers, or use the vfs driver, which has no limit.");
}
