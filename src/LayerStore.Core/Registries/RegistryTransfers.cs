using LayerStore.Images;

namespace LayerStore.Registries;

/// <summary>Moves images between a store and registries (OCI distribution specification 1.1).</summary>
public sealed class RegistryTransfers
{
    // Layers wait for the network more than for a processor.
    private const int MinParallelism = 4;

    private readonly ImageCollection _images;

    internal RegistryTransfers(ImageCollection images) => _images = images;

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
}
