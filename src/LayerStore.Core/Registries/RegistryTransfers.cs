using LayerStore.Drivers;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Registries;

/// <summary>Moves images between a store and registries (OCI distribution specification 1.1).</summary>
public sealed class RegistryTransfers
{
    // Layers wait for the network more than for a processor.
    private const int MinParallelism = 4;

    private readonly StoreMetadata _metadata;
    private readonly ImageCollection _images;
    private readonly LayerCollection _layers;
    private readonly IStorageDriver _driver;

    internal RegistryTransfers(StoreMetadata metadata, ImageCollection images, LayerCollection layers, IStorageDriver driver) =>
        (_metadata, _images, _layers, _driver) = (metadata, images, layers, driver);

    /// <summary>
    /// Pulls an image. Its layers stream from the network into extraction, several at once; those that the store has are not asked for. Digests and sizes are verified while the bytes pass. When this
    /// returns, the image is durable; when it fails or is cancelled, nothing of it stays.
    /// </summary>
    /// <param name="reference">The image by Docker's grammar, with a tag or a digest.</param>
    /// <param name="registry">How its registry is reached.</param>
    /// <param name="options">The platform, the limits and the names to give instead of <paramref name="reference"/>.</param>
    /// <param name="progress">Told from worker threads how far each layer is, at most ten times a second and at every change of its state.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ReferenceInvalid"/>; <see cref="ErrorIds.RegistryUnreachable"/>, <see cref="ErrorIds.RegistryUnauthorized"/>, <see cref="ErrorIds.RegistryDenied"/>,
    /// <see cref="ErrorIds.RegistryManifestUnknown"/>, <see cref="ErrorIds.RegistryBlobUnknown"/>, <see cref="ErrorIds.RegistryTlsFailed"/>, <see cref="ErrorIds.RegistryInsecure"/>,
    /// <see cref="ErrorIds.RegistryBusy"/>, <see cref="ErrorIds.RegistryProtocolError"/>, <see cref="ErrorIds.RegistryCredentialsInvalid"/>; <see cref="ErrorIds.ImagePlatformNotFound"/>;
    /// what an import throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ContainerImage Pull(
        string reference, RegistryOptions registry, ImportOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Parallelism == 0)
            options = options with { Parallelism = Math.Max(MinParallelism, Environment.ProcessorCount) };
        using var source = RegistryImage.Open(ImageReference.Parse(reference), registry, options, cancellation);
        return _images.ImportImage(source, source.Image, options, progress, cancellation);
    }

    /// <summary>
    /// The image of that name that the store has, whatever its registry has by now; null where it has none, or not for the platform, or somebody deleted files of its layers. Asks nobody.
    /// </summary>
    /// <param name="reference">The image by Docker's grammar, with a tag or a digest.</param>
    /// <param name="platform">The platform that it must be for; null for any.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ReferenceInvalid"/>, of a platform as well.</exception>
    public ContainerImage? FindPresent(string reference, string? platform = null)
    {
        var wanted = platform is null ? null : Platform.Parse(platform);
        try
        {
            // In full: 'sha256:abc' would be an id.
            var image = _images.Get(ImageReference.Parse(reference).Canonical);
            var fits = wanted is null || (Platform.TryParse($"{image.OperatingSystem}/{image.Architecture}", out var own) && own == wanted);
            return fits && _driver.FindLost([.. image.Layers.Select(LayerId.Parse)]).Count == 0 ? image : null;
        }
        catch (StoreException exception) when (exception.ErrorId == ErrorIds.ImageNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Pushes an image. Blobs that the registry has, in this repository or in another one that the store knows, are not sent; the others are made and compressed while they are sent. Where all of an image's
    /// blobs are there or come out as they came in, it keeps the manifest that it came with; otherwise it gets a new one.
    /// </summary>
    /// <param name="nameOrId">As for <see cref="ImageCollection.Get"/>.</param>
    /// <param name="destination">The name at the registry; null for the image's own.</param>
    /// <param name="registry">How the registry is reached; mirrors are not pushed to.</param>
    /// <param name="options">How layers are compressed.</param>
    /// <param name="progress">Told from worker threads how far each layer is, about ten times a second and at every change of its state.</param>
    /// <param name="cancellation">Stops at once. The tag is not touched then; uploads that were begun are called off.</param>
    /// <returns>The image, its <see cref="ContainerImage.Digest"/> the one of the manifest at the registry.</returns>
    /// <exception cref="StoreException">
    /// As for <see cref="Pull"/>; <see cref="ErrorIds.ImageNotFound"/>; <see cref="ErrorIds.ReferenceInvalid"/> for a destination that is none or has a digest; what <see cref="LayerCollection.WriteArchive"/> throws.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ContainerImage Push(
        string nameOrId, string? destination, RegistryOptions registry, PushOptions options, IProgress<PushProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nameOrId);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(options);
        using var lease = _layers.NewLease();
        var image = _images.TakeForExport([nameOrId], lease)[0];
        var target = destination is not null ? ImageReference.Parse(destination)
            : image.Names.Count > 0 ? image.Names[0]
            : throw RegistryFaults.NoDestination(nameOrId, "it was named by its id, so that nothing says where it shall go");
        if (target.Tag is null || target.Digest is not null)
            throw RegistryFaults.NoDestination(target.Familiar, "it has a digest, which an image gets by its content");
        using var connection = new RegistryConnection(RegistryHost.Of(target.Domain), registry.For(target.Domain));
        var known = KnownBlobs.Of(_metadata, image, target);
        var digest = new ImagePush(_driver, image, known, new RegistryUploads(connection, target.Path), options, progress).Run(target.Tag, cancellation);
        return _images.Get(nameOrId) with { Repository = target.FamiliarName, Tag = target.Tag, Reference = target.Familiar, Digest = digest.ToString() };
    }
}
