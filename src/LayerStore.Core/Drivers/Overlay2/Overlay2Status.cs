using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.Overlay2;

/// <summary>overlay2's lines of <c>docker info</c>.</summary>
internal static class Overlay2Status
{
    public static IReadOnlyList<StatusLine> Of(string home, OverlayFormat format) =>
    [
        new("Backing Filesystem", BackingFileSystem.Of(home).Name),
        new("Supports d_type", DirectoryKinds.AreReported(home)),
        // Both are switched off by the mounts' own options, and what is off cannot differ from mount to mount.
        new("Using metacopy", false),
        new("Native Overlay Diff", true),
        new("userxattr", format == OverlayFormat.User),
    ];
}
