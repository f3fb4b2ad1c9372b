namespace LayerStore.Archives;

/// <summary>How deletions stand on disk in the directory that a layer is extracted into.</summary>
public enum WhiteoutDialect
{
    /// <summary>overlayfs: a character device 0:0, and <c>trusted.overlay.opaque=y</c> on a directory.</summary>
    Overlay,

    /// <summary>
    /// overlayfs for an ordinary user (mount option userxattr): an empty file with <c>user.overlay.whiteout</c> in a directory
    /// with <c>user.overlay.opaque=x</c>, and <c>user.overlay.opaque=y</c> on an opaque directory. Where no device node may be made, this is also
    /// how vfs stages a layer before it is merged.
    /// </summary>
    OverlayUser,

    /// <summary>Not at all: a tree of its own, in which every name and every attribute means what it says.</summary>
    None,
}
