using LayerStore.Drivers;
using LayerStore.Images.Export;
using LayerStore.Images.Formats;
using LayerStore.Images.Making;
using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>The images of a store.</summary>
public sealed partial class ImageCollection
{
    private readonly string _root;
    private readonly StoreMetadata _metadata;
    private readonly LayerCollection _layers;
    private readonly IStorageDriver _driver;
    private readonly ImageLookup _lookup;

    internal ImageCollection(string root, StoreMetadata metadata, LayerCollection layers, IStorageDriver driver)
    {
        (_root, _metadata, _layers, _driver) = (root, metadata, layers, driver);
        _lookup = new ImageLookup(metadata, root);
    }

    /// <summary>Every name of every image, one row each as <c>docker image ls</c> shows them; newest first. An image without a name has one row.</summary>
    public IReadOnlyList<ContainerImage> List() => List(_metadata, _root);

    /// <summary>
    /// The image that <paramref name="nameOrId"/> means: a reference by Docker's grammar (<c>alpine</c> is <c>alpine:latest</c>; <c>name@sha256:…</c>), a full id with or without <c>sha256:</c>, or a unique prefix of an id.
    /// Found by id, the row is the first name's.
    /// </summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>, <see cref="ErrorIds.ReferenceInvalid"/>.</exception>
    public ContainerImage Get(string nameOrId) => _metadata.Database.Read(transaction =>
    {
        var (image, name) = _lookup.Find(nameOrId, transaction);
        return Row(image, name, transaction);
    });

    /// <summary>
    /// Imports the images of a docker-archive, an OCI archive or an OCI layout directory. An image is yielded when it is durable. When the caller stops, or anything fails,
    /// nothing of the image at hand stays.
    /// </summary>
    /// <param name="path">The archive, plain or compressed (gzip, zstd) as a whole; a pipe also serves.</param>
    /// <param name="options">What to take and under which names.</param>
    /// <param name="progress">Told from worker threads how far each layer is, at most ten times a second and at every change of its state.</param>
    /// <param name="cancellation">Stops at once; nothing of the image at hand stays, images that were yielded do.</param>
    /// <exception cref="StoreException">The archive is missing, damaged, unsafe or too large; the disk is full; another import holds a layer.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public IEnumerable<ContainerImage> Import(
        string path, ImportOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        var names = options.References.Select(ImageReference.Parse).ToList();
        return ImportAll();

        IEnumerable<ContainerImage> ImportAll()
        {
            using var archive = ImageArchive.Open(path, options, _root, cancellation);
            if (names.Count > 0 && archive.Count > 1)
                throw new StoreException(
                    ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, path,
                    $"'{Printable.Escape(path)}' holds {archive.Count} images; a name can be given to one only.",
                    "Import without a name and tag the images afterwards (Add-ContainerImageTag), or choose one platform.");
            for (var i = 0; i < archive.Count; i++)
            {
                var image = archive.Load(i);
                yield return ImportImage(archive, names.Count > 0 ? image with { Names = names } : image, options, progress, cancellation);
            }
        }
    }

    /// <summary>Makes an image with one layer of a directory, or of a tar archive (plain, gzip or zstd), that holds a root file system, as <c>docker import</c>.</summary>
    /// <param name="path">The directory or the archive, absolute. Other file systems that are mounted in the directory are left out.</param>
    /// <param name="options">Names, author, message and changes to the configuration.</param>
    /// <param name="cancellation">Stops at once; nothing stays.</param>
    /// <exception cref="StoreException">As for <see cref="Import"/>; <see cref="ErrorIds.ArgumentInvalid"/> for a change that is none.</exception>
    public ContainerImage ImportRootFs(string path, CommitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        return Row(new ImageMaker(_root, _metadata, _layers, _driver).ImportRootFs(path, options, cancellation));
    }

    /// <summary>
    /// Writes images into one archive or layout; layers that they share are in it once. What came in goes out bit for bit, each layer verified against its DiffID; the same images give the same bytes.
    /// The path gets its name when everything is written; a failure leaves nothing.
    /// </summary>
    /// <param name="namesOrIds">As for <see cref="Get"/>. An image that is found by a name has that name in the archive; by its id, none.</param>
    /// <param name="path">The file or directory to write, absolute.</param>
    /// <param name="options">The format and the compression.</param>
    /// <param name="progress">Told from worker threads how far each layer is, about ten times a second.</param>
    /// <param name="cancellation">Stops within one buffer.</param>
    /// <exception cref="StoreException">
    /// As for <see cref="Get"/> and <see cref="LayerCollection.WriteArchive"/>; <see cref="ErrorIds.ExportPathExists"/>; <see cref="ErrorIds.PathInvalid"/>; <see cref="ErrorIds.DiskFull"/>.
    /// </exception>
    public ContainerImageArchive Export(
        IReadOnlyList<string> namesOrIds, string path, ExportOptions options, IProgress<ExportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(namesOrIds);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        ExportPath.Check(path, options);
        using var lease = _layers.NewLease();
        var images = TakeForExport(namesOrIds, lease);
        var exporter = new ImageExporter(_driver, images, options, progress, cancellation);
        try
        {
            using var target = ExportPath.Open(path, options);
            exporter.WriteTo(target, Path.GetDirectoryName(path)!);
            return new ContainerImageArchive
            {
                FullName = path,
                Format = options.Format,
                Compression = options.Compression,
                Images = [.. images.SelectMany(image => image.Names.Count > 0 ? image.Names.Select(name => name.Familiar) : [image.Record.Id])],
                LayerCount = exporter.LayerCount,
                Size = target.Size,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Linux.LinuxError.From(error, "write", path);
        }
    }

    /// <summary>The steps that made an image, newest first.</summary>
    /// <exception cref="StoreException">As for <see cref="Get"/>.</exception>
    public IReadOnlyList<ImageHistoryEntry> History(string nameOrId) => _metadata.Database.Read(transaction =>
    {
        var (image, _) = _lookup.Find(nameOrId, transaction);
        return ImageHistory.Of(image, RecordsOf(image, transaction), _root);
    });

    /// <summary>Gives an image one more name; a name that another image has moves (as with docker tag).</summary>
    /// <exception cref="StoreException">As for <see cref="Get"/>; <see cref="ErrorIds.ReferenceInvalid"/> also for a name with a digest, which only content can give.</exception>
    public ContainerImage Tag(string nameOrId, string reference)
    {
        var name = ImageReference.Parse(reference);
        if (name.Digest is not null)
            throw new StoreException(
                ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, reference,
                $"'{Printable.Escape(reference)}' has a digest, which an image has by its content and cannot be given.",
                "Give a name with a tag, for example 'alpine:mine'.");
        return _metadata.Database.Write(transaction =>
        {
            var (image, _) = _lookup.Find(nameOrId, transaction);
            ImageRecords.SetName(transaction, name.Canonical, image.Id);
            return Row(image, name.Canonical, transaction);
        }, durable: true);
    }

    /// <summary>Takes a name from its image; the image stays, without a name if it was the last.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageNotFound"/>, <see cref="ErrorIds.ReferenceInvalid"/>.</exception>
    public ContainerImage Untag(string reference)
    {
        var name = ImageReference.Parse(reference);
        return _metadata.Database.Write(transaction =>
        {
            var image = _lookup.FindByName(name, transaction);
            ImageRecords.RemoveName(transaction, name.Canonical);
            return Row(image, null, transaction);
        }, durable: true);
    }

    /// <summary>
    /// Removes by name or id as <c>docker rmi</c>: a name is taken away, and with the last name (or by id) the image and every layer that nothing else needs.
    /// </summary>
    /// <param name="nameOrId">As for <see cref="Get"/>.</param>
    /// <param name="force">By id: also where it has several names. Never where a container uses it.</param>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ImageInUse"/> with the containers that use it, <see cref="ErrorIds.ReferenceInUse"/> with the names that it has, <see cref="ErrorIds.ImageNotFound"/>.
    /// </exception>
    public IReadOnlyList<RemovedItem> Remove(string nameOrId, bool force = false) => new ImageRemoval(_metadata, _layers, _lookup).Remove(nameOrId, force);

    /// <summary>Removes an image with all its names where no container uses it; gives the bytes that became free, null where it stays.</summary>
    internal long? RemoveUnused(string id, bool named) => new ImageRemoval(_metadata, _layers, _lookup).RemoveUnused(id, named);

    /// <summary>Finds images whose layers are to be read, and keeps them by the lease.</summary>
    internal IReadOnlyList<ExportedImage> TakeForExport(IReadOnlyList<string> namesOrIds, LayerLease lease) => _metadata.Database.Write(transaction =>
    {
        var found = FindForExport(namesOrIds, transaction);
        lease.Take(transaction, found.SelectMany(image => image.Layers).Select(layer => layer.Id).Distinct());
        return found;
    }, durable: false);

    /// <summary>Each image once, with the names that were asked for, in the order in which they were.</summary>
    private List<ExportedImage> FindForExport(IReadOnlyList<string> namesOrIds, MetadataTransaction transaction)
    {
        var images = new List<ExportedImage>();
        foreach (var asked in namesOrIds)
        {
            var (image, name) = _lookup.Find(asked, transaction);
            IReadOnlyList<ImageReference> names = name is null ? [] : [ImageReference.Parse(name)];
            var known = images.FindIndex(other => other.Record.Id == image.Id);
            if (known < 0)
                images.Add(new ExportedImage(image, names, RecordsOf(image, transaction)));
            else
                images[known] = images[known] with { Names = [.. images[known].Names.Union(names)] };
        }
        return images;
    }

    /// <summary>Imports one image under the names that it has; it is durable when this returns.</summary>
    internal ContainerImage ImportImage(
        ILayerSource source, ArchivedImage image, ImportOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        var (record, given, layers) = new ImageImporter(source, _metadata, _layers, _driver, options, progress).Import(image, cancellation);
        return Row((record, given, layers));
    }

    /// <summary>The record behind a name or an id.</summary>
    internal ImageRecord Find(string nameOrId, MetadataTransaction transaction) => _lookup.Find(nameOrId, transaction).Image;

    /// <summary>The row of an image that was just taken in.</summary>
    internal ContainerImage Row((ImageRecord Image, IReadOnlyList<string> Names, IReadOnlyList<string> Layers) made) =>
        ImageRow.One(made.Image, made.Names.Count > 0 ? made.Names[0] : null, AllNames(made.Image.Id, made.Names), made.Layers, _root);

    private ContainerImage Row(ImageRecord image, string? name, MetadataTransaction transaction) =>
        ImageRow.One(image, name, _metadata.Images.NamesOf(image.Id, transaction), LayersOf(image, transaction), _root);

    /// <summary>The image's names; those just given also where somebody took them away at once.</summary>
    private IReadOnlyList<string> AllNames(string id, IReadOnlyList<string> given) => [.. _metadata.Images.NamesOf(id).Union(given)];

    private IReadOnlyList<LayerRecord> RecordsOf(ImageRecord image, MetadataTransaction transaction) => RecordsOf(_metadata, image, transaction);

    private static IReadOnlyList<LayerRecord> RecordsOf(StoreMetadata metadata, ImageRecord image, MetadataTransaction transaction) =>
        image.TopLayer is { } top ? [.. metadata.Layers.Chain(top, transaction).Reverse()] : [];

    private IReadOnlyList<string> LayersOf(ImageRecord image, MetadataTransaction transaction) => LayersOf(_metadata, image, transaction);

    private static IReadOnlyList<string> LayersOf(StoreMetadata metadata, ImageRecord image, MetadataTransaction transaction) =>
        [.. RecordsOf(metadata, image, transaction).Select(layer => layer.Id.Value)];

    /// <summary>As <see cref="List()"/>, of a database alone.</summary>
    internal static IReadOnlyList<ContainerImage> List(StoreMetadata metadata, string root) => metadata.Database.Read(transaction =>
    {
        var names = metadata.Images.Names(transaction).ToLookup(name => name.Value, name => name.Key);
        return (IReadOnlyList<ContainerImage>)
            [.. metadata.Images.List(transaction).SelectMany(image => ImageRow.All(image, [.. names[image.Id]], LayersOf(metadata, image, transaction), root))];
    });
}
