namespace LayerStore.Linux;

/// <summary>A mount as data: what is to be mounted, decided by a driver without touching anything.</summary>
public abstract record MountPlan
{
    private MountPlan()
    {
    }

    /// <summary>No mount is needed: the tree stands at <paramref name="Path"/> and may be written there.</summary>
    /// <param name="Path">The directory.</param>
    public sealed record Directory(string Path) : MountPlan;

    /// <summary>A bind mount of one directory.</summary>
    /// <param name="Source">The directory.</param>
    /// <param name="ReadOnly">True where writing is refused with EROFS.</param>
    /// <param name="KeepsAccessTimes">True where reading a file leaves its access time as it is (noatime).</param>
    public sealed record Bind(string Source, bool ReadOnly, bool KeepsAccessTimes = false) : MountPlan;

    /// <summary>A file system of its own: a thin device's, a dataset.</summary>
    /// <param name="Type">As the kernel names it: <c>ext4</c>, <c>zfs</c>.</param>
    /// <param name="Source">The device or dataset.</param>
    /// <param name="Options">The file system's options, such as <c>nouuid</c>; a flag has the value null.</param>
    /// <param name="ReadOnly">True where writing through this mount is refused with EROFS; the file system itself stays writable for others.</param>
    public sealed record FileSystem(string Type, string Source, IReadOnlyList<KeyValuePair<string, string?>> Options, bool ReadOnly) : MountPlan;

    /// <summary>An overlay.</summary>
    /// <param name="Lowers">Read-only directories, uppermost first; 500 at most.</param>
    /// <param name="Upper">The writable directory; null for a read-only mount.</param>
    /// <param name="Work">overlayfs's work directory beside <paramref name="Upper"/>.</param>
    /// <param name="Options">Further options, such as <c>index=off</c>; a flag has the value null.</param>
    /// <param name="ReadOnly">True where writing is refused with EROFS; an overlay without <paramref name="Upper"/> always refuses it.</param>
    public sealed record Overlay(
        IReadOnlyList<string> Lowers, string? Upper, string? Work, IReadOnlyList<KeyValuePair<string, string?>> Options, bool ReadOnly = false) : MountPlan;

    /// <summary>An aufs.</summary>
    /// <param name="Branches">The directories, uppermost first; nothing is written to any but the first.</param>
    /// <param name="ReadOnly">True where writing is refused with EROFS, to the first branch as well.</param>
    public sealed record Aufs(IReadOnlyList<string> Branches, bool ReadOnly) : MountPlan;
}
