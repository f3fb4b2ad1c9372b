namespace LayerStore.Images.Formats;

/// <summary>An archive of one or more images, whatever its format.</summary>
internal abstract class ImageArchive(IBlobSource source, ImportOptions options) : ILayerSource, IDisposable
{
    /// <summary>How many images are to be imported from it.</summary>
    public abstract int Count { get; }

    /// <summary>The files.</summary>
    protected IBlobSource Source => source;

    /// <summary>What the import asks for.</summary>
    protected ImportOptions Options => options;

    /// <summary>Opens an archive by what it holds.</summary>
    /// <exception cref="StoreException">It is missing, damaged, or no image archive.</exception>
    public static ImageArchive Open(string path, ImportOptions options, string spoolDirectory, CancellationToken cancellation)
    {
        var source = BlobSource.Open(path, spoolDirectory, options.MaxArchiveBytes, cancellation);
        try
        {
            // Docker 25 and later, and containerd, write both; the layout says more: digests, sizes and the manifest.
            if (OciLayout.IsLayout(source))
                return OciLayout.Open(source, options, cancellation);
            if (JsonDocuments.TryRead(source, DockerArchive.ManifestName, options.MaxManifestBytes, nameof(ImportOptions.MaxManifestBytes)) is { } manifest)
                return DockerArchive.Open(source, manifest, options);
            using var legacy = source.TryOpen("repositories");
            throw ArchiveFaults.Unrecognized(path, legacy is not null
                ? "it has 'repositories' and no 'manifest.json': Docker older than 1.10 saved it; load and save it once with a newer Docker"
                : "it has neither 'manifest.json' (docker-archive) nor 'oci-layout' with 'index.json' (OCI layout)");
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads and verifies the documents of one image.</summary>
    public abstract ArchivedImage Load(int index);

    /// <summary>Opens a layer's file, its length verified.</summary>
    public BlobStream OpenLayer(ArchivedLayer layer)
    {
        var stream = source.TryOpen(layer.Name) ?? throw ArchiveFaults.BlobMissing(source.Path, layer.Name);
        if (layer.Size is { } size && stream.Length != size)
        {
            stream.Dispose();
            throw ArchiveFaults.SizeMismatch(layer.Name, size, stream.Length);
        }
        return stream;
    }

    /// <inheritdoc/>
    public long Measure(ArchivedLayer layer)
    {
        using var blob = OpenLayer(layer);
        return blob.Length;
    }

    Stream ILayerSource.OpenLayer(ArchivedLayer layer, CancellationToken cancellation) => OpenLayer(layer);

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
