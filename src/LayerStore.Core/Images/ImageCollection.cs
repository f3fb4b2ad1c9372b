using LayerStore.Drivers;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>The images of a store.</summary>
public sealed class ImageCollection
{
    internal ImageCollection(string root, StoreMetadata metadata, LayerCollection layers, IStorageDriver driver)
    {
    }

    /// <summary>Every name of every image, one row each as <c>docker image ls</c> shows them; newest first. An image without a name has one row.</summary>
    public IReadOnlyList<ContainerImage> List() => throw new NotSupportedException();

    /// <summary>
    /// The image that <paramref name="nameOrId"/> means: a reference by Docker's grammar (<c>alpine</c> is <c>alpine:latest</c>; <c>name@sha256:…</c>), a full id with or without <c>sha256:</c>, or a unique prefix of an id.
    /// Found by id, the row is the first name's.
    /// </summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>, <see cref="ErrorIds.ReferenceInvalid"/>.</exception>
    public ContainerImage Get(string nameOrId) => throw new NotSupportedException();

    /// <summary>
    /// Imports the images of a docker-archive, an OCI archive or an OCI layout directory. An image is yielded when it is durable. When the caller stops, or anything fails,
    /// nothing of the image at hand stays.
    /// </summary>
    public IEnumerable<ContainerImage> Import(
        string path, ImportOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    /// <summary>The steps that made an image, newest first.</summary>
    public IReadOnlyList<ImageHistoryEntry> History(string nameOrId) => throw new NotSupportedException();

    /// <summary>Gives an image one more name; a name that another image has moves (as with docker tag).</summary>
    public ContainerImage Tag(string nameOrId, string reference) => throw new NotSupportedException();

    /// <summary>Takes a name from its image; the image stays, without a name if it was the last.</summary>
    public ContainerImage Untag(string reference) => throw new NotSupportedException();

    /// <summary>
    /// Removes by name or id as <c>docker rmi</c>: a name is taken away, and with the last name (or by id) the image and every layer that nothing else needs.
    /// </summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="force">By id: also where it has several names. Never where a container uses it.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageInUse"/> with the containers that use it, <see cref="ErrorIds.ImageNotFound"/>.</exception>
    public IReadOnlyList<RemovedItem> Remove(string nameOrId, bool force = false) => throw new NotSupportedException();
}
