using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Zfs;

/// <summary>The files of a dataset or snapshot, for this process alone: mounted nowhere, gone with it.</summary>
internal sealed class ZfsTree : IDisposable
{
    private readonly SafeFileHandle _mount;

    private ZfsTree(SafeFileHandle mount) => _mount = mount;

    /// <summary>The root directory's path, for this process.</summary>
    public string Path => _mount.ProcPath();

    /// <summary>The root directory.</summary>
    public SafeFileHandle Root => _mount;

    /// <summary>How many files and directories it has.</summary>
    public ulong Files
    {
        get
        {
            var statistics = BackingFileSystem.StatisticsOf(_mount);
            return statistics.Files - statistics.FreeFiles;
        }
    }

    /// <summary>Opens a layer's dataset to change it.</summary>
    public static ZfsTree OpenToWrite(ZfsDatasets datasets, LayerId id) => Open(datasets, id, new MountPlan.FileSystem(ZfsDriverFactory.DriverName, datasets.Of(id), [], ReadOnly: false));

    /// <summary>Opens a layer's dataset to look at it; it may be mounted elsewhere, and change.</summary>
    public static ZfsTree OpenToRead(ZfsDatasets datasets, LayerId id) => Open(datasets, id, new MountPlan.FileSystem(ZfsDriverFactory.DriverName, datasets.Of(id), [], ReadOnly: true));

    /// <summary>Opens what a layer was when it was committed.</summary>
    public static ZfsTree OpenCommitted(ZfsDatasets datasets, LayerId id) =>
        // The kernel shares one super block between the mounts of a snapshot, and wants each to know that it is read-only.
        Open(datasets, id, new MountPlan.FileSystem(ZfsDriverFactory.DriverName, datasets.SnapshotOf(id), [new("ro", null)], ReadOnly: true));

    /// <summary>Opens what a layer was when it was committed, or what it is where it was not: a container's.</summary>
    public static ZfsTree OpenCommittedOrToRead(ZfsDatasets datasets, LayerId id)
    {
        try
        {
            return OpenCommitted(datasets, id);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.LayerNotFound)
        {
            return OpenToRead(datasets, id);
        }
    }

    public void Dispose() => _mount.Dispose();

    private static ZfsTree Open(ZfsDatasets datasets, LayerId id, MountPlan.FileSystem plan)
    {
        datasets.Pool.RequireUsable();
        return new ZfsTree(FileSystemMount.MountDetached(plan));
    }
}
