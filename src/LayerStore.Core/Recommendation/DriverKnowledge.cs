using LayerStore.Drivers;
using LayerStore.Drivers.Overlay2;
using static LayerStore.StorageWorkload;

namespace LayerStore.Recommendation;

/// <summary>
/// What is known of the drivers, each statement with its source. A page's name means Docker's manual (https://docs.docker.com/engine/storage/drivers/, for aufs and devicemapper as of Docker 20.10),
/// with the section; "LayerStore" is how the driver is made here (docs/architecture.md).
/// </summary>
internal static class DriverKnowledge
{
    /// <summary>Where every driver begins.</summary>
    public const int Start = 50;

    private const string NotShared = "The page cache is not shared: each container has the image's files in memory once more.";

    private static bool ChecksumsContents(ProbeCheck check) => check.Evidence.EndsWith(" on btrfs", StringComparison.Ordinal) || check.Evidence.EndsWith(" on zfs", StringComparison.Ordinal);

    /// <summary>Everything.</summary>
    public static IReadOnlyList<DriverStatement> All { get; } =
    [
        // Select a storage driver: preferred for all supported distributions, no extra configuration.
        new("overlay2", 20, "Docker prefers it everywhere, and it takes no configuration."),
        // OverlayFS, Page caching.
        new("overlay2", 15, "Containers share the page cache: a file of the image is in memory once, however many read it.", ManyContainers, MemoryPoor),
        // OverlayFS, Writing to a file for the first time; Copyup: only the first write copies.
        new("overlay2", 10, "Only the first write to a file copies it, which is quick for small ones; after it, it is a plain file.", ManySmallFiles),
        // OverlayFS, Writing to a file for the first time: the whole file, however little is changed.
        new("overlay2", -25, "The first write to a file of the image copies the whole file into the container.", BigFiles),
        // LayerStore: overlay2 has IndependentApply.
        new("overlay2", 15, "Layers are directories of their own: several are extracted at once, and a new one costs nothing.", Build),
        // ext4(5) metadata_csum and xfs(5) crc cover metadata; tmpfs has no checksums and lasts no longer than the machine runs.
        new("overlay2", -5, "It adds no checksums of its own, and the file system below it has none of file contents.", Durability) { Check = Overlay2Probe.FileSystemCheck, Here = check => !ChecksumsContents(check) },
        // btrfs(5), Checksum algorithms, and "nodatacow" and "nodatasum"; zfsprops(7), checksum. What is synced is what lasts: layers and containers are flushed with syncfs and fsync, which commit there.
        new("overlay2", 3, "The file system below it checksums contents (but where nodatacow, nodatasum or checksum=off is set); overlay2 adds nothing to that.", Durability) { Check = Overlay2Probe.FileSystemCheck, Here = ChecksumsContents },

        // Btrfs, How the btrfs storage driver works.
        new("btrfs", 5, "A container is a snapshot, made at once and sharing all blocks with its image."),
        // Btrfs, Modifying existing files; Select a storage driver, Suitability for your workload: block-level drivers for write-heavy workloads.
        new("btrfs", 25, "Only blocks that are written to are copied, however big the file is.", BigFiles),
        // Btrfs, Page caching; Select a storage driver: requires a lot of memory.
        new("btrfs", -20, NotShared, ManyContainers, MemoryPoor),
        // Btrfs, Writing files; Small writes; Balance Btrfs filesystems often.
        new("btrfs", -15, "Many small files are slow to update and use the chunks badly: it can be full with room left, and wants balancing.", ManySmallFiles),
        // Btrfs, Fragmentation.
        new("btrfs", -5, "Copy-on-write fragments files that are rewritten again and again.", BigFiles),
        // btrfs(5), Checksum algorithms: data and metadata.
        new("btrfs", 20, "Contents are checksummed, and a snapshot is all there or not at all.", Durability),
        // LayerStore: snapshot drivers extract into the layer's own snapshot, in chain order (AppliesOnParent).
        new("btrfs", 5, "A new layer is a snapshot of the one below it.", Build),

        // Select a storage driver: advanced file systems take more maintenance and setup. The module is built outside of Linux.
        new("zfs", -5, "The module is not part of Linux, and it wants somebody who knows it."),
        // ZFS, Writing files; Select a storage driver, Suitability for your workload.
        new("zfs", 25, "Only blocks that are written to are copied, however big the file is.", BigFiles),
        // ZFS, ZFS Caching: a cached block is shared by clones; Select a storage driver: high-density workloads.
        new("zfs", 15, "Clones share their blocks in its cache: it serves many containers of one image.", ManyContainers),
        // Select a storage driver: requires a lot of memory; ZFS, Memory.
        new("zfs", -30, "It needs much memory for its cache.", MemoryPoor),
        // zpoolconcepts(7), Device Failure and Recovery.
        new("zfs", 35, "Contents are checksummed from end to end, and healed where the pool has copies.", Durability),
        // https://github.com/moby/moby/issues/31247: builds are slow by mounts that follow each other.
        new("zfs", -10, "Each layer of a build is a dataset that is mounted and unmounted.", Build),
        // ZFS, Fragmentation.
        new("zfs", -5, "Copy-on-write fragments the pool, and nothing defragments it.", ManySmallFiles),

        // Deprecated engine features (https://docs.docker.com/engine/deprecated/): removed in 25.0.
        new("devicemapper", -15, "Docker has given it up: it is here for stores and pools that exist."),
        // Device Mapper, Use direct-lvm.
        new("devicemapper", -25, "On loop devices it is slow and for tests only: give it a block device or a pool (direct-lvm).") { Check = "production", Passed = false },
        // Device Mapper, Writing files; Copy-on-write performance impact.
        new("devicemapper", 20, "Only blocks that are written to are copied, however big the file is.", BigFiles),
        // Device Mapper, Allocate-on-demand performance impact; Copy-on-write performance impact: many blocks may be slower than other drivers.
        new("devicemapper", -10, "Each small write takes a block of 64 KiB.", ManySmallFiles),
        // Device Mapper, Memory usage.
        new("devicemapper", -20, NotShared, ManyContainers, MemoryPoor),
        // https://github.com/moby/moby/issues/26015: xfs retries for ever on a pool without space.
        new("devicemapper", -10, "A pool that is full fails under every container at once: watch it.", Durability),
        // LayerStore: every layer is a thin device.
        new("devicemapper", -15, "Each layer is a device with a file system of its own.", Build),

        // Deprecated engine features: removed in 24.0. AUFS: not in the mainline kernel.
        new("aufs", -15, "It is not part of Linux, and Docker has given it up."),
        // AUFS, AUFS and Docker performance: container density, page cache.
        new("aufs", 15, "Containers share the page cache: a file of the image is in memory once, however many read it.", ManyContainers, MemoryPoor),
        // As above: the first write locates and copies the file, compounded by many layers and large files.
        new("aufs", -25, "The first write to a file looks for it in all layers and copies the whole file.", BigFiles),
        // As above.
        new("aufs", -5, "Looking for files takes longer with each layer.", ManySmallFiles, Build),

        // VFS, introduction: a deep copy for each layer, lower performance and more space.
        new("vfs", -30, "Every layer and every container is a whole copy of what is below it: slow, and many times the space.") { Check = "shared blocks", Passed = false },
        // LayerStore: copies go by FICLONE where the probe found that it works.
        new("vfs", -5, "Every layer and every container is a copy of what is below it; the copies share their blocks here, and each file takes an inode.") { Check = "shared blocks" },
        // ioctl_ficlone(2): a shared block is copied when it is written to.
        new("vfs", 20, "Copies share their blocks here: only blocks that are written to are copied.", BigFiles) { Check = "shared blocks" },
        // VFS, introduction.
        new("vfs", -15, "Each layer and each container costs a full copy.", ManyContainers, Build) { Check = "shared blocks", Passed = false },
        // VFS, introduction: robust, stable, works in every environment.
        new("vfs", 10, "Nothing stands between a container and the file system: plain files in plain directories.", Durability),
        // LayerStore: copies are files of their own, and the page cache belongs to files.
        new("vfs", -15, NotShared, ManyContainers, MemoryPoor),
        // LayerStore: vfs is MountFree; owners and devices are recorded in attributes.
        new("vfs", 40, "It needs neither root nor mounts.", Rootless),
    ];
}
