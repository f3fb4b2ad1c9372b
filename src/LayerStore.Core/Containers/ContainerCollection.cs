using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Containers;

/// <summary>The containers of a store.</summary>
public sealed class ContainerCollection
{
    internal ContainerCollection(string root, StoreMetadata metadata, LayerCollection layers, ImageCollection images, IStorageDriver driver)
    {
    }

    /// <summary>Every container, newest first, without sizes: no layer is touched.</summary>
    public IReadOnlyList<Container> List() => throw new NotSupportedException();

    /// <summary>The container with that name, id, or unique prefix of an id.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>.</exception>
    public Container Get(string nameOrId) => throw new NotSupportedException();

    /// <summary>Makes a container.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageNotFound"/>, <see cref="ErrorIds.ContainerNameInUse"/>, <see cref="ErrorIds.ContainerNameInvalid"/>.</exception>
    public Container Create(ContainerOptions options) => throw new NotSupportedException();

    /// <summary>Gives a container another name.</summary>
    public Container Rename(string nameOrId, string newName) => throw new NotSupportedException();

    /// <summary>
    /// Mounts a container, or counts one mount more where it is mounted in the same way already. The count survives the process; after a reboot it starts at nothing.
    /// </summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="path">Where; null for a directory inside the store.</param>
    /// <param name="readOnly">True where every write shall fail.</param>
    public ContainerMount Mount(string nameOrId, string? path = null, bool readOnly = false) => throw new NotSupportedException();

    /// <summary>Undoes one mount; the last one unmounts.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="all">True to undo every mount of it.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNotMounted"/>, <see cref="ErrorIds.MountBusy"/>.</exception>
    public Container Dismount(string nameOrId, bool all = false) => throw new NotSupportedException();

    /// <summary>The mounts that exist now.</summary>
    public IReadOnlyList<ContainerMount> Mounts() => throw new NotSupportedException();

    /// <summary>Removes a container and its writable layer.</summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="force">True to unmount it first.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerMounted"/>, <see cref="ErrorIds.ContainerNotFound"/>.</exception>
    public Container Remove(string nameOrId, bool force = false) => throw new NotSupportedException();

    /// <summary>What one container takes.</summary>
    public ContainerSize Measure(string nameOrId, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>What these containers take, on all processors; in the order given.</summary>
    public IEnumerable<ContainerSize> Measure(IReadOnlyList<Container> containers, CancellationToken cancellation = default) => throw new NotSupportedException();
}
