using LayerStore.Linux;
using LayerStore.Linux.Btrfs;

namespace LayerStore.Drivers.Btrfs;

/// <summary>Tries what btrfs needs, with a subvolume and a snapshot of its own.</summary>
/// <param name="directory">Where.</param>
/// <param name="needsQuota">True where the store is to limit its containers.</param>
internal sealed class BtrfsProbe(string directory, bool needsQuota)
{
    private const string Root = "Run as root: btrfs removes subvolumes and reads its trees only for CAP_SYS_ADMIN; or use the vfs driver.";

    private readonly ProbeRecorder _recorder = new();

    public ProbeReport Run() => _recorder.OnLinux(BtrfsDriverFactory.DriverName, directory, () => _recorder.InDirectory(directory, ProbeIn));

    private void ProbeIn(ProbeDirectory place)
    {
        using var handle = DirectoryHandle.Open(place.Path);
        var isBtrfs = _recorder.Check("file system", true, "Put the store on btrfs (mkfs.btrfs), or use another driver.", () =>
        {
            var fileSystem = BackingFileSystem.Of(place.Path);
            return (fileSystem.Magic == BackingFileSystem.Btrfs, $"the directory is on {fileSystem.Name}");
        });
        if (!isBtrfs)
            return;
        var made = _recorder.Check("subvolumes", true, Root, () =>
        {
            Subvolume.Create(handle, "layer\0"u8);
            File.WriteAllText(place.Inside("layer/file"), "contents");
            using var layer = DirectoryHandle.Open(place.Inside("layer"));
            Subvolume.SetReadOnly(layer, true);
            Subvolume.Snapshot(layer, handle, "container\0"u8);
            File.WriteAllText(place.Inside("container/new"), "");
            return (!File.Exists(place.Inside("layer/new")), "a subvolume could be made and set read-only, and a snapshot of it be written to");
        });
        if (made)
            _recorder.Check("tree search", true, Root, () =>
            {
                using var container = DirectoryHandle.Open(place.Inside("container"));
                var info = Subvolume.InfoOf(container);
                BtrfsFileSystem.Settle(container, info.ChangeTransaction);
                return SubvolumeChanges.Since(container, info.OriginTransaction, CancellationToken.None).Touches(Libc.BTRFS_FIRST_FREE_OBJECTID)
                    ? (true, "btrfs's trees say what changed in a snapshot")
                    : (false, "btrfs's trees do not say that a file changed in a snapshot");
            });
        _recorder.Check("removal", true, Root, () => (Subvolume.TryDestroy(handle, "container\0"u8) && Subvolume.TryDestroy(handle, "layer\0"u8), "both could be removed"));
        _recorder.Check("quota", needsQuota,
            $"Switch quota on: 'btrfs quota enable {directory}'. It concerns the whole file system and costs some speed; the driver never does it itself.",
            () => BtrfsQuota.IsOn(handle)
                ? (true, "quota is on: layers can be limited, and what they take is known at once")
                : (false, "quota is off: layers cannot be limited, and nobody counts what they take"));
    }
}
