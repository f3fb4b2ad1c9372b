using LayerStore.Containers.Copying;
using LayerStore.Drivers;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Containers;

/// <summary>
/// Mounts and dismounts containers. The row is written before the kernel mounts and goes after it has dismounted; a row that the kernel does not confirm
/// counts for nothing, so that a crash at any point needs no mending. Every call holds the container's lock.
/// </summary>
internal sealed class ContainerMounting(string root, StoreMetadata metadata, LayerCollection layers, IStorageDriver driver, IMounts mounts, VolumeCollection volumes)
{
    private readonly MountPoints _points = new(root);
    private readonly InnerMounts _inner = new(volumes, mounts);

    /// <summary>The mount as it really is: null where the row is of another boot or the kernel knows nothing of it.</summary>
    public MountRecord? Live(ContainerRecord container) => Live(container, mounts);

    /// <summary>The same, without a store.</summary>
    public static MountRecord? Live(ContainerRecord container, IMounts mounts) => container.Mount is { } mount && mount.IsLive(mounts) ? mount : null;

    /// <summary>Mounts, or counts one mount more.</summary>
    public MountRecord Mount(ContainerRecord container, string? path, bool readOnly)
    {
        if (Live(container) is { } live)
        {
            RefuseOther(container, live, path, readOnly);
            var counted = live with { Count = live.Count + 1 };
            metadata.Database.Write(transaction => ContainerRecords.SetMount(transaction, container.Id, counted), durable: false);
            return counted;
        }
        Forget(container);
        var inner = PrepareInner(container, readOnly);
        var plan = Plan(container, writable: !readOnly);
        return plan is MountPlan.Directory directory && path is null && inner.Count == 0
            ? Record(container, new MountRecord(directory.Path, MountKind.Directory, readOnly, OwnDirectory: false, Count: 1, ProcessIdentity.Current.BootId))
            : MountKernel(container, plan is MountPlan.Directory tree ? new MountPlan.Bind(tree.Path, readOnly) : plan, path, readOnly, inner);
    }

    /// <summary>
    /// Opens the container's tree: where it is mounted, or through a mount of its own that stands nowhere, so that nothing is left when the process dies.
    /// </summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerMounted"/> where it is mounted read-only and shall be written; what mounting throws.</exception>
    public ContainerTree Open(ContainerRecord container, bool writable)
    {
        if (Live(container) is { } live)
            return live.ReadOnly && writable
                ? throw new StoreException(ErrorIds.ContainerMounted, StoreErrorKind.InUse, container.Name,
                    $"The container '{container.Name}' is mounted read-only at '{Printable.Escape(live.Path)}'.", "Dismount it first (Dismount-Container), or mount it for writing.")
                : new ContainerTree(DirectoryHandle.Open(live.Path));
        Forget(container);
        var plan = Plan(container, writable);
        // Reading needs no mount to be read-only.
        if (plan is MountPlan.Directory or MountPlan.Bind { ReadOnly: true, KeepsAccessTimes: false })
            return new ContainerTree(DirectoryHandle.Open(plan is MountPlan.Directory directory ? directory.Path : ((MountPlan.Bind)plan).Source));
        var target = _points.DefaultOf(container.Id);
        var made = MountPoints.Make(target);
        try
        {
            driver.Attach(container.Layer);
            var root = mounts.MountDetached(plan, target);
            driver.Mounted(container.Layer);
            MountPoints.Remove(target);
            return new ContainerTree(root, () => driver.Detach(container.Layer));
        }
        catch
        {
            driver.Detach(container.Layer);
            StoreRoot.Undo(made);
            throw;
        }
    }

    /// <summary>Undoes one mount, or all.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotMounted"/>, <see cref="ErrorIds.MountBusy"/>.</exception>
    public void Dismount(ContainerRecord container, bool all)
    {
        if (Live(container) is not { } live)
        {
            if (!Forget(container))
                throw new StoreException(ErrorIds.ContainerNotMounted, StoreErrorKind.InvalidArgument, container.Name,
                    $"The container '{container.Name}' is not mounted.", "Mount it first (Mount-Container).");
            return;
        }
        if (live.Count > 1 && !all)
        {
            metadata.Database.Write(
                transaction => ContainerRecords.SetMount(transaction, container.Id, live with { Count = live.Count - 1 }), durable: false);
            return;
        }
        if (live.Kind == MountKind.Kernel)
            Unmount(live.Path, metadata.ContainerMounts.Of(container.Id));
        Discard(container, live);
    }

    /// <summary>Unmounts a container with what is mounted inside, or nothing of it.</summary>
    private void Unmount(string target, IReadOnlyList<ContainerMountRecord> inner)
    {
        _inner.Detach(target, inner);
        try
        {
            mounts.Unmount(target);
        }
        catch
        {
            _inner.TryAttach(target, inner);
            throw;
        }
    }

    /// <summary>What the container has inside, all of it there: a volume that was taken from it is made again, and where nothing may be written later, the directories to mount on are made now.</summary>
    private IReadOnlyList<ContainerMountRecord> PrepareInner(ContainerRecord container, bool readOnly)
    {
        var inner = metadata.ContainerMounts.Of(container.Id);
        if (inner.Count == 0)
            return inner;
        if (Libc.Geteuid() != 0)
            throw new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, container.Name,
                $"The container '{container.Name}' has volumes or directories inside ({string.Join(", ", inner.Select(mount => Printable.Escape(mount.Path)).Take(5))}), which only root can mount.",
                "Run as root. Without it, look at a volume's files where they stand (Mountpoint of Get-ContainerVolume), or make a container without -Mount.");
        // Those that are there stay as they are, empty ones as well.
        var missing = inner.Where(mount => mount.Source is not null || volumes.Changes.Settled(mount.Volume!) is null).ToList();
        new VolumePreparation(volumes, this).Run(container, missing, []);
        if (readOnly)
        {
            using var tree = Open(container, writable: true);
            InnerMounts.MakePlaces(tree.Root, inner);
        }
        return inner;
    }

    /// <summary>Takes away every mount of a container that is to be removed.</summary>
    public void DismountForRemoval(ContainerRecord container)
    {
        if (Live(container) is not null)
            Dismount(container, all: true);
        else
            Forget(container);
    }

    private MountPlan Plan(ContainerRecord container, bool writable)
    {
        var plan = driver.PlanMount(container.Layer, layers.ParentsOf(container.Layer), writable ? MountMode.ReadWrite : MountMode.ReadOnly);
        // What is mounted is attached when its mount point stands.
        if (plan is MountPlan.Directory)
            driver.Attach(container.Layer);
        return plan;
    }

    private void MountExplained(MountPlan plan, string target)
    {
        try
        {
            mounts.Mount(plan, target);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.MountFailed && driver.ExplainMountFailure(e) is var explained && explained != e)
        {
            throw explained;
        }
    }

    private MountRecord MountKernel(ContainerRecord container, MountPlan plan, string? path, bool readOnly, IReadOnlyList<ContainerMountRecord> inner)
    {
        var target = _points.For(container.Id, path);
        var made = MountPoints.Make(target);
        var mount = new MountRecord(target, MountKind.Kernel, readOnly, made.Count > 0, Count: inner.Count == 0 ? 1 : 0, ProcessIdentity.Current.BootId);
        var isMounted = false;
        try
        {
            Record(container, mount);
            driver.Attach(container.Layer);
            MountExplained(plan, target);
            isMounted = true;
            driver.Mounted(container.Layer);
            if (inner.Count == 0)
                return mount;
            _inner.Attach(target, inner);
            return Record(container, mount with { Count = 1 });
        }
        catch
        {
            if (isMounted && inner.Count > 0)
                Unmount(target, inner);
            Discard(container, mount);
            StoreRoot.Undo(made);
            throw;
        }
    }

    /// <summary>As <see cref="ContainerCollection.RemoveStrayPlaces"/>.</summary>
    public void RemoveStrayPlaces()
    {
        // First what is there, then the rows: a container is there before its place is made.
        var places = _points.All();
        var known = metadata.Containers.List().Select(container => container.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var place in places.Where(place => !known.Contains(Path.GetFileName(place))))
            MountPoints.Remove(place);
    }

    private MountRecord Record(ContainerRecord container, MountRecord mount)
    {
        metadata.Database.Write(transaction => ContainerRecords.SetMount(transaction, container.Id, mount), durable: false);
        return mount;
    }

    private void Discard(ContainerRecord container, MountRecord mount)
    {
        driver.Detach(container.Layer);
        if (mount.OwnDirectory)
            MountPoints.Remove(mount.Path);
        metadata.Database.Write(transaction => ContainerRecords.DeleteMount(transaction, container.Id), durable: false);
    }

    /// <summary>
    /// Clears what is left of a mount that counts for nothing: a row, its directory, or a mount of the kernel at the container's own place that no row knows. True where such a mount was undone.
    /// </summary>
    private bool Forget(ContainerRecord container)
    {
        var own = _points.DefaultOf(container.Id);
        var mounted = false;
        // One that was not completed may be elsewhere.
        foreach (var place in container.Mount is { Count: 0 } begun && begun.IsThere(mounts) && begun.Path != own ? [own, begun.Path] : new[] { own })
        {
            if (!Directory.Exists(place) || !mounts.IsMounted(place))
                continue;
            Unmount(place, metadata.ContainerMounts.Of(container.Id));
            driver.Detach(container.Layer);
            mounted = true;
        }
        if (container.Mount is { } stale)
            Discard(container, stale);
        MountPoints.Remove(own);
        return mounted;
    }

    private static void RefuseOther(ContainerRecord container, MountRecord live, string? path, bool readOnly)
    {
        if (live.ReadOnly != readOnly)
            throw new StoreException(ErrorIds.ContainerMounted, StoreErrorKind.InUse, container.Name,
                $"The container '{container.Name}' is mounted {(live.ReadOnly ? "read-only" : "read-write")} at '{Printable.Escape(live.Path)}' and cannot be mounted {(readOnly ? "read-only" : "read-write")} at the same time.",
                "Dismount it first (Dismount-Container -All), or mount it in the same way.");
        if (path is not null && MountPoints.Normalize(path) != live.Path)
            throw new StoreException(ErrorIds.ContainerMounted, StoreErrorKind.InUse, container.Name,
                $"The container '{container.Name}' is mounted at '{Printable.Escape(live.Path)}' already, not at '{Printable.Escape(path)}'.",
                "Use that path, or dismount it first (Dismount-Container -All).");
    }
}
