using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Drivers.Trees;
using LayerStore.Images.Formats;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Images.Making;

/// <summary>Makes images of what is in the store, or beside it, instead of in an archive.</summary>
internal sealed class ImageMaker(string root, StoreMetadata metadata, LayerCollection layers, IStorageDriver driver)
{
    // Bytes of a layer for each of its files from which on sharing their blocks is faster.
    private const long CloneBytes = 64 << 10;

    /// <summary>Makes an image of a container.</summary>
    /// <param name="container">The container; nobody may mount or remove it meanwhile.</param>
    /// <param name="image">The image that it was made of; null without one.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops at once; nothing stays.</param>
    public (ImageRecord Image, IReadOnlyList<string> Names, IReadOnlyList<string> Layers) Commit(
        ContainerRecord container, ImageRecord? image, CommitOptions options, CancellationToken cancellation)
    {
        var parents = layers.ParentsOf(container.Layer);
        // Before anything is done: a change that is none is an error.
        var config = ConfigOf(image, options);
        IReadOnlyList<Digest> below = options.Squash || image?.TopLayer is not { } top ? [] : [.. metadata.Layers.Chain(top).Reverse().Select(layer => layer.DiffId)];
        var step = new ImageConfigStep(options.Created ?? DateTime.UtcNow, container.Command, options.Message ?? "", EmptyLayer: false);
        if (!options.Squash && metadata.Layers.Find(container.Layer)?.Parent == image?.TopLayer
            && (options.RemoveContainer ? driver.Features.HasFlag(DriverFeatures.TakesOver) : IsWorthCloning(container.Layer, parents, cancellation))
            && CommitDirectly(container, image, below, step, options, cancellation) is { } made)
            return made;
        using var spooled = SpooledLayer.Make(root, container.Name, stream =>
        {
            // What changed is looked up before the tree is opened: a driver may have to mount for each.
            var changes = options.Squash ? null : driver.Changes(container.Layer, parents, cancellation);
            using var tree = new MergedTree(driver, container.Layer, parents);
            var archive = new TreeArchive(tree.Stack, stream, cancellation);
            if (changes is null)
                archive.WriteAll();
            else
                archive.WriteChanges(changes);
        });
        config.SetLayers([.. below, spooled.DiffId], step, options.Author, replacesAll: options.Squash);
        return Import(config, [.. below.Select(diffId => new ArchivedLayer(diffId, "", null, null)), LayerOf(spooled)], spooled, options.References, cancellation);
    }

    /// <summary>Of small files an archive is written and extracted faster than they are cloned one by one.</summary>
    private bool IsWorthCloning(LayerId layer, IReadOnlyList<LayerId> parents, CancellationToken cancellation) =>
        driver.Features.HasFlag(DriverFeatures.TakesOver | DriverFeatures.SharesBlocks)
        && driver.Measure(layer, parents, cancellation) is var usage && usage.Bytes >= CloneBytes * usage.Inodes;

    /// <summary>Without an archive on disk: the layer is the container's own or a copy of it. Null where another import is making the same layer, or it has to be laid anew.</summary>
    private (ImageRecord, IReadOnlyList<string>, IReadOnlyList<string>)? CommitDirectly(
        ContainerRecord container, ImageRecord? image, IReadOnlyList<Digest> below, ImageConfigStep step, CommitOptions options, CancellationToken cancellation)
    {
        var names = options.References.Select(name => ImageReference.Parse(name).Canonical).Distinct().ToList();
        var top = image?.TopLayer is { } id ? metadata.Layers.Find(id) : null;
        using var layer = layers.BeginDirect(container.Layer, options.RemoveContainer);
        var diffId = layer.Make(cancellation);
        var config = ConfigOf(image, options);
        config.SetLayers([.. below, diffId], step, options.Author, replacesAll: false);
        var archived = new ArchivedImage { Names = [], Config = ImageConfig.Parse(config.ToJson(), "configuration"), Layers = [] };

        // From here on it is short, and half a commit helps nobody: no cancellation any more.
        cancellation.ThrowIfCancellationRequested();
        ImageRecord? record = null;
        var made = layer.TryCommit(top, (transaction, committed) =>
            record = ImageImporter.Insert(transaction, metadata, ImageImporter.RecordOf(archived, committed, below.Count + 1), names));
        return made is null ? null : (record!, names, [.. metadata.Layers.Chain(made.Value).Reverse().Select(below => below.Id.Value)]);
    }

    /// <summary>Makes an image of a root file system.</summary>
    public (ImageRecord Image, IReadOnlyList<string> Names, IReadOnlyList<string> Layers) ImportRootFs(string path, CommitOptions options, CancellationToken cancellation)
    {
        var config = new ConfigEditor(null, Platform.Current);
        config.Change(options.Changes);
        using var spooled = SpooledLayer.Make(root, path, stream => WriteRootFs(path, stream, cancellation));
        var step = new ImageConfigStep(options.Created ?? DateTime.UtcNow, "", options.Message ?? $"Imported from {Path.GetFileName(path)}", EmptyLayer: false);
        config.SetLayers([spooled.DiffId], step, options.Author, replacesAll: true);
        return Import(config, [LayerOf(spooled)], spooled, options.References, cancellation);
    }

    private static ConfigEditor ConfigOf(ImageRecord? image, CommitOptions options)
    {
        var config = new ConfigEditor(image?.Config, Platform.Current);
        config.Change(options.Changes);
        return config;
    }

    private static void WriteRootFs(string path, Stream destination, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            using var directory = new LayerDirectory(DirectoryHandle.Open(path));
            new TreeArchive(new LayerStack([directory]), destination, cancellation).WriteAll();
            return;
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var archive = Decompression.Open(file, out _);
        var buffer = new byte[1 << 20];
        for (int read; (read = archive.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            destination.Write(buffer.AsSpan(0, read));
        }
    }

    private static ArchivedLayer LayerOf(SpooledLayer spooled) => new(spooled.DiffId, spooled.Path, null, spooled.Size);

    private (ImageRecord, IReadOnlyList<string>, IReadOnlyList<string>) Import(
        ConfigEditor config, IReadOnlyList<ArchivedLayer> archived, SpooledLayer spooled, IReadOnlyList<string> references, CancellationToken cancellation)
    {
        var image = new ArchivedImage
        {
            Names = [.. references.Select(ImageReference.Parse)],
            Config = ImageConfig.Parse(config.ToJson(), "configuration"),
            Layers = archived,
        };
        return new ImageImporter(spooled, metadata, layers, driver, new ImportOptions(), progress: null).Import(image, cancellation);
    }
}
