using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Images.Making;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;
using LayerStore.Volumes;

namespace LayerStore.Containers;

/// <summary>The containers of a store.</summary>
public sealed partial class ContainerCollection
{
    private readonly string _root;
    private readonly StoreMetadata _metadata;
    private readonly LayerCollection _layers;
    private readonly ImageCollection _images;
    private readonly IStorageDriver _driver;
    private readonly IMounts _mounts;
    private readonly VolumeCollection _volumes;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly ContainerCreation _creation;
    private readonly ContainerMounting _mounting;
    private readonly ContainerMeasurement _measurement;

    internal ContainerCollection(
        string root, StoreMetadata metadata, LayerCollection layers, ImageCollection images, IStorageDriver driver, LayerOwner owner, IMounts mounts, VolumeCollection volumes)
    {
        (_root, _metadata, _layers, _images, _driver, _mounts) = (root, metadata, layers, images, driver, mounts);
        _lookup = new ContainerLookup(root, metadata.Containers);
        _locks = new ContainerLocks(Path.Combine(root, StoreRoot.LocksName));
        _volumes = volumes;
        _mounting = new ContainerMounting(root, metadata, layers, driver, mounts, volumes);
        _creation = new ContainerCreation(metadata, layers, images, driver, owner, volumes, _mounting);
        _measurement = new ContainerMeasurement(root, metadata, layers, driver);
    }

    /// <summary>Every container, newest first, without sizes: no layer is touched.</summary>
    public IReadOnlyList<Container> List() => ContainerRow.List(_metadata, _root, _mounts);

    /// <summary>The container with that name, id, or unique prefix of an id.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>.</exception>
    public Container Get(string nameOrId) => View(_lookup.Find(nameOrId));

    /// <summary>Makes a container. It survives a power cut when this returns.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageNotFound"/>, <see cref="ErrorIds.ContainerNameInUse"/>, <see cref="ErrorIds.ContainerNameInvalid"/>,
    /// <see cref="ErrorIds.DriverUnsupported"/> where it is to have a limit and the driver cannot set one.</exception>
    public Container Create(ContainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return View(_creation.Create(options), options.Labels);
    }

    /// <summary>Gives a container another name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotFound"/>, <see cref="ErrorIds.ContainerNameInUse"/>, <see cref="ErrorIds.ContainerNameInvalid"/>.</exception>
    public Container Rename(string nameOrId, string newName)
    {
        ArgumentNullException.ThrowIfNull(newName);
        ContainerName.Validate(newName);
        return View(_metadata.Database.Write(transaction =>
        {
            var container = _lookup.Find(nameOrId, transaction);
            if (_metadata.Containers.FindByName(newName, transaction) is { } holder && holder.Id != container.Id)
                throw ContainerName.InUse(newName, holder.Id[..12]);
            ContainerRecords.Rename(transaction, container.Id, newName);
            return container with { Name = newName };
        }, durable: true));
    }

    /// <summary>
    /// Mounts a container, or counts one mount more where it is mounted in the same way already. The count survives the process; after a reboot it starts at nothing.
    /// </summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="path">Where: an empty directory, or one that can be made; null for a directory inside the store.</param>
    /// <param name="readOnly">True where every write shall fail.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ContainerMounted"/> where it is mounted in another way; <see cref="ErrorIds.MountPathInvalid"/>, <see cref="ErrorIds.MountFailed"/>,
    /// <see cref="ErrorIds.PermissionDenied"/>.
    /// </exception>
    public ContainerMount Mount(string nameOrId, string? path = null, bool readOnly = false)
    {
        using var held = Enter(nameOrId, out var container);
        return View(container, _mounting.Mount(container, path, readOnly));
    }

    /// <summary>Undoes one mount; the last one unmounts.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="all">True to undo every mount of it.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotMounted"/>, <see cref="ErrorIds.MountBusy"/>.</exception>
    public Container Dismount(string nameOrId, bool all = false)
    {
        using var held = Enter(nameOrId, out var container);
        _mounting.Dismount(container, all);
        return Get(container.Id);
    }

    /// <summary>The mounts that exist now.</summary>
    public IReadOnlyList<ContainerMount> Mounts() =>
    [
        .. _metadata.Containers.ListMounted()
            .Select(container => (Container: container, Mount: _mounting.Live(container)))
            .Where(mounted => mounted.Mount is not null)
            .Select(mounted => View(mounted.Container, mounted.Mount!)),
    ];

    /// <summary>Removes a container and its writable layer. Its volumes stay.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="force">True to unmount it first.</param>
    /// <param name="volumes">True to remove its volumes that nobody named and that no other container has.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerMounted"/>, <see cref="ErrorIds.ContainerNotFound"/>.</exception>
    public Container Remove(string nameOrId, bool force = false, bool volumes = false)
    {
        using var held = Enter(nameOrId, out var container);
        if (!force)
            RefuseMounted(container);
        _mounting.DismountForRemoval(container);
        var removed = View(container with { Mount = null });
        Delete(container);
        if (volumes)
            RemoveAnonymous(removed);
        return removed;
    }

    /// <summary>
    /// What a container changed, as <c>docker diff</c> says it: every path that it added, modified or deleted, sorted; a directory in which something changed is modified. The container may be mounted.
    /// </summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>.</exception>
    public IReadOnlyList<ContainerChange> Changes(string nameOrId, CancellationToken cancellation = default)
    {
        var container = _lookup.Find(nameOrId);
        return
        [
            .. _driver.Changes(container.Layer, _layers.ParentsOf(container.Layer), cancellation).Select(change => new ContainerChange
            {
                Kind = change.Kind,
                Path = change.Path,
                RawPath = change.RawPath,
                ContainerId = container.Id,
                Root = _root,
            }),
        ];
    }

    /// <summary>
    /// Makes an image of a container, as <c>docker commit</c>: what it changed becomes a layer on top of its image. The container stays as it is, and may be mounted while nobody writes, unless it is to be
    /// removed (<see cref="CommitOptions.RemoveContainer"/>): then it may not be mounted. The layer's bytes depend on nothing but the container's files.
    /// </summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ContainerNotFound"/>; <see cref="ErrorIds.ArgumentInvalid"/> for a change that is none; <see cref="ErrorIds.ReferenceInvalid"/>;
    /// <see cref="ErrorIds.ContainerChanging"/> where a file was changed while it was read; <see cref="ErrorIds.LayerDepthExceeded"/>.
    /// </exception>
    public ContainerImage Commit(string nameOrId, CommitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var held = Enter(nameOrId, out var container);
        if (options.RemoveContainer)
        {
            RefuseMounted(container);
            _mounting.DismountForRemoval(container);
        }
        var image = container.ImageId is { } id ? _metadata.Images.Get(id) : null;
        var made = _images.Row(new ImageMaker(_root, _metadata, _layers, _driver).Commit(container, image, options, cancellation));
        if (options.RemoveContainer)
            Delete(container);
        return made;
    }

    /// <summary>What one container takes.</summary>
    public ContainerSize Measure(string nameOrId, CancellationToken cancellation = default) => _measurement.Measure(_lookup.Find(nameOrId), cancellation);

    /// <summary>What these containers take, on all processors; in the order given. Those that vanish meanwhile are left out.</summary>
    /// <exception cref="StoreException">One of them cannot be measured, for example <see cref="ErrorIds.LayerNotFound"/> where somebody deleted a layer below it.</exception>
    public IEnumerable<ContainerSize> Measure(IReadOnlyList<Container> containers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(containers);
        return _measurement.Measure(containers, null, cancellation);
    }

    /// <summary>The same, so that one that cannot be measured does not hide the others.</summary>
    /// <param name="containers">The containers.</param>
    /// <param name="failed">Told of each that cannot be measured, when its turn comes, from the thread that enumerates.</param>
    /// <param name="cancellation">Stops between two files.</param>
    public IEnumerable<ContainerSize> Measure(IReadOnlyList<Container> containers, Action<Container, StoreException> failed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(containers);
        ArgumentNullException.ThrowIfNull(failed);
        return _measurement.Measure(containers, failed, cancellation);
    }

    /// <summary>
    /// What the driver's own bookkeeping says is allocated to the writable layers of these containers, without looking at a file: at once on drivers with
    /// <see cref="DriverFeatures.ConstantTimeUsage"/>, and nothing but nulls on others.
    /// </summary>
    public IReadOnlyList<ContainerAllocation> MeasureAllocated(IReadOnlyList<Container> containers)
    {
        ArgumentNullException.ThrowIfNull(containers);
        return _measurement.MeasureAllocated(containers);
    }

    /// <summary>After a boot: takes away the places of mounts whose containers are gone. A power cut may have lost that they went.</summary>
    internal void RemoveStrayPlaces() => _mounting.RemoveStrayPlaces();

    private void RefuseMounted(ContainerRecord container)
    {
        if (_mounting.Live(container) is { } live)
            throw new StoreException(ErrorIds.ContainerMounted, StoreErrorKind.InUse, container.Name,
                $"The container '{container.Name}' is mounted at '{Printable.Escape(live.Path)}'.",
                "Dismount it first (Dismount-Container), or remove it with Remove-Container -Force.");
    }

    /// <summary>Removes a container that nobody has mounted; one whose layer became an image's is gone already.</summary>
    private void Delete(ContainerRecord container) => _layers.DeleteRemoved(_metadata.Database.Write(transaction =>
        ContainerRecords.Delete(transaction, container.Id) && _metadata.Layers.Find(container.Layer, transaction) is { } layer ? _layers.Release(transaction, layer) : [], durable: true));

    private void RemoveAnonymous(Container removed)
    {
        var unused = _volumes.List().Where(volume => volume.Anonymous && volume.UsedBy.Count == 0).Select(volume => volume.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var mount in removed.Mounts.Where(mount => unused.Contains(mount.VolumeName)))
            _volumes.Remove(mount.VolumeName);
    }

    private IDisposable Enter(string nameOrId, out ContainerRecord container)
    {
        var id = _lookup.Find(nameOrId).Id;
        var held = _locks.Enter(id);
        try
        {
            // Again, now that nobody else mounts or removes it.
            container = _metadata.Containers.FindById(id) ?? throw _lookup.NotFound(nameOrId);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private Container View(ContainerRecord record) => View(record, _metadata.Containers.LabelsOf(record.Id));

    private Container View(ContainerRecord record, IReadOnlyDictionary<string, string> labels) => ContainerRow.Of(record, labels, _metadata.ContainerMounts.Of(record.Id), _root, _mounts);

    private ContainerMount View(ContainerRecord container, MountRecord mount) => new()
    {
        Id = container.Id,
        Name = container.Name,
        Path = mount.Path,
        ReadOnly = mount.ReadOnly,
        Count = mount.Count,
        Driver = _driver.Name,
        Root = _root,
    };
}
