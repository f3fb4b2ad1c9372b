using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>Tries what zfs needs, cheapest first: without the kernel's module it starts no program.</summary>
/// <param name="system">The machine.</param>
/// <param name="directory">Where.</param>
/// <param name="given">The dataset that the option zfs.fsname names; null where it is not given.</param>
internal sealed class ZfsProbe(ZfsSystem system, string directory, string? given)
{
    private readonly ProbeRecorder _recorder = new();

    public ProbeReport Run() => _recorder.OnLinux(ZfsDriverFactory.DriverName, directory, ProbeLinux);

    private void ProbeLinux()
    {
        var parent = "";
        ZfsDatasets? datasets = null;
        _ = _recorder.Check("zfs module", true,
                "Install OpenZFS (Debian: zfs-dkms and zfsutils-linux, component contrib) and run 'modprobe zfs' as root; or use another driver.", TryDevice)
            && _recorder.Check("zfs programs", true, "Install them (Debian package zfsutils-linux).", TryPrograms)
            && _recorder.Check("dataset", true,
                "Put the store on a ZFS file system ('zfs create -o mountpoint=/var/lib/layerstore tank/layerstore'), or name a dataset for the layers by the option zfs.fsname.", () =>
                {
                    parent = given ?? ZfsDriverFactory.DatasetOf(directory) ?? "";
                    return parent.Length > 0
                        ? (true, given is null ? $"the directory stands on the dataset {parent}" : $"the option zfs.fsname names {parent}")
                        : (false, $"the directory is on {BackingFileSystem.Of(directory).Name}, and the option zfs.fsname is not given");
                })
            && _recorder.Check("pool", true, "Import or repair the pool ('zpool status'), or name another dataset by the option zfs.fsname.", () =>
            {
                datasets = new ZfsDatasets(system, parent);
                var values = datasets.ParentProperties("type", "available");
                return (values[0] == "filesystem", $"the pool {datasets.Pool.Name} is {datasets.Pool.State}; {parent} is a {values[0]} with {values[1]} bytes available");
            })
            && _recorder.Check("snapshots and clones", true, "Run as root, on Linux 5.2 or later; free some space in the pool.", () => TryLayers(datasets!));
    }

    private (bool, string) TryDevice()
    {
        var device = Libc.Open(system.Device, Libc.O_RDWR | Libc.O_CLOEXEC);
        if (device < 0)
        {
            var missing = $"{system.Device}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}";
            return (false, StandsOnFuse()
                ? missing + "; the directory stands on zfs-fuse, which cannot mount a dataset where it is told to, lacks acltype, xattr=sa, written and clones, and cannot say what differs"
                : missing);
        }
        _ = Libc.Close(device);
        return (true, $"{system.Device} can be opened");
    }

    private bool StandsOnFuse()
    {
        using var handle = DirectoryHandle.Open(directory);
        return MountTable.Of(handle)?.Type == "fuse.zfs";
    }

    private (bool, string) TryPrograms()
    {
        _ = system.Zpool.Run("version");
        var version = system.Zfs.Run("version");
        return (version.Succeeded, version.Succeeded ? string.Join(", ", version.Rows.Select(row => row[0])) : version.Complaint);
    }

    /// <summary>A layer and a container on it, for real; both go again.</summary>
    private static (bool, string) TryLayers(ZfsDatasets datasets)
    {
        LayerId image = LayerId.New(), container = LayerId.New();
        try
        {
            datasets.Create(image, quota: null);
            using (var tree = ZfsTree.OpenToWrite(datasets, image))
                File.WriteAllText(Path.Combine(tree.Path, "file"), "image");
            datasets.Snapshot(image);
            datasets.Clone(image, container, quota: null);
            bool shows;
            using (var clone = ZfsTree.OpenToRead(datasets, container))
                shows = File.ReadAllText(Path.Combine(clone.Path, "file")) == "image";
            return (shows, shows ? "a clone of a snapshot was made, mounted and read" : "a clone of a snapshot does not show its files");
        }
        finally
        {
            _ = datasets.DestroyPatiently(container);
            _ = datasets.DestroyPatiently(image);
        }
    }
}
