using LayerStore.Metadata;

namespace LayerStore.Volumes;

/// <summary>What can be wrong with a volume, in the words that users see.</summary>
internal static class VolumeErrors
{
    public static StoreException NotFound(string name, string root) => new(
        ErrorIds.VolumeNotFound, StoreErrorKind.NotFound, name,
        $"There is no volume '{Printable.Escape(name)}' in the store '{Printable.Escape(root)}'.",
        "List the volumes (Get-ContainerVolume) and give a name, or make one (New-ContainerVolume).");

    public static StoreException Different(string name, string what) => new(
        ErrorIds.VolumeExists, StoreErrorKind.AlreadyExists, name,
        $"The volume '{name}' exists already, {what}.",
        "Leave -Label and -Size out to take it as it is, choose another name, or remove it first (Remove-ContainerVolume).");

    public static StoreException Stranger(string name, string path) => new(
        ErrorIds.VolumeExists, StoreErrorKind.AlreadyExists, name,
        $"The volume '{name}' cannot be made: '{Printable.Escape(path)}' is there already, and the store knows nothing of it.",
        "Move the directory away, make the volume, and copy the files into it; or choose another name.");

    public static StoreException InUse(string name, IReadOnlyList<VolumeUser> users) => new(
        ErrorIds.VolumeInUse, StoreErrorKind.InUse, name,
        $"The volume '{name}' is used by {Containers(users)}.",
        "Remove the containers first (Remove-Container), or take it from them with -Force: they get an empty one at their next mount.");

    public static StoreException Mounted(string name, IReadOnlyList<VolumeUser> users) => new(
        ErrorIds.VolumeInUse, StoreErrorKind.InUse, name,
        $"The volume '{name}' is mounted in {Containers(users)}.",
        "Dismount them first (Dismount-Container -All).");

    public static StoreException NoArchive(string path) => new(
        ErrorIds.ArchiveNotFound, StoreErrorKind.NotFound, path,
        $"There is no file '{Printable.Escape(path)}'.", "Give the path of a tar archive, plain or compressed with gzip or zstd (Export-ContainerVolume writes one).");

    public static StoreException NotEmpty(string name) => new(
        ErrorIds.VolumeNotEmpty, StoreErrorKind.AlreadyExists, name,
        $"The volume '{name}' has files already.",
        "Choose another name, or replace everything that it holds with -Force.");

    public static StoreException Busy(string name) => new(
        ErrorIds.StoreBusy, StoreErrorKind.InUse, name,
        $"Another command is making, filling or removing the volume '{name}' and does not come to an end.",
        "Wait until it has ended and run this one again.");

    public static StoreException Damaged(string name, string path, Exception? cause = null) => new(
        ErrorIds.VolumeDamaged, StoreErrorKind.StoreDamaged, name,
        $"The volume '{name}' has lost its directory: '{Printable.Escape(path)}' is not there, or is no directory.",
        "Put the directory back; or remove the volume (Remove-ContainerVolume), make it again and import a backup (Import-ContainerVolume).", cause);

    public static StoreException SizeUnsupported(string name, long size, string reason) => new(
        ErrorIds.VolumeSizeUnsupported, StoreErrorKind.NotSupported, name,
        $"The volume '{name}' cannot be limited to {ByteSize.Format(size)} here: {reason}.",
        "Leave the size out; or keep the store on xfs mounted with pquota, or on ext4 with the feature project mounted with prjquota.");

    public static StoreException MountInside(string name, string path) => new(
        ErrorIds.MountBusy, StoreErrorKind.InUse, name,
        $"Something is mounted at '{Printable.Escape(path)}', in the volume '{name}' that is to be removed.", "Unmount it (umount), then remove again.");

    private static string Containers(IReadOnlyList<VolumeUser> users) =>
        $"the container{(users.Count == 1 ? "" : "s")} {string.Join(", ", users.Take(10).Select(user => user.ContainerName))}{(users.Count > 10 ? " …" : "")}";
}
