using LayerStore.Drivers;
using LayerStore.Drivers.Trees;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>The read-only layers of a store.</summary>
public sealed partial class LayerCollection
{
    private readonly string _root;
    private readonly StoreMetadata _metadata;
    private readonly IStorageDriver _driver;
    private readonly LayerRemoval _removal;
    private readonly LayerRecovery _recovery;
    private readonly LayerOwner _owner;

    internal LayerCollection(string root, StoreMetadata metadata, IStorageDriver driver, LayerOwner owner)
    {
        (_root, _metadata, _driver, _owner) = (root, metadata, driver, owner);
        _removal = new LayerRemoval(metadata, driver, owner);
        _recovery = new LayerRecovery(metadata, driver, _removal);
    }

    /// <summary>Every committed layer, parents before children.</summary>
    public IReadOnlyList<ContainerLayer> List() => LayerView.Of(_metadata, _root).All;

    /// <summary>The layer with that id, unique prefix of an id, DiffID or chain id.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>.</exception>
    public ContainerLayer Get(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return FindOne(LayerView.Of(_metadata, _root), id);
    }

    private ContainerLayer FindOne(LayerView view, string id)
    {
        var found = view.Find(id);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new StoreException(ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id,
                $"There is no layer '{Printable.Escape(id)}' in the store '{Printable.Escape(_root)}'.",
                "List the layers (Get-ContainerLayer) and give an id, the beginning of one, a DiffID or a chain id."),
            _ => throw new StoreException(ErrorIds.IdAmbiguous, StoreErrorKind.InvalidArgument, id,
                $"'{Printable.Escape(id)}' is the beginning of {found.Count} layers' ids: {string.Join(", ", found.Take(10).Select(layer => layer.Id[..12]))}.",
                "Give more digits."),
        };
    }

    /// <summary>The layers of an image or a container's image, lowest first.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ImageNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>.</exception>
    public IReadOnlyList<ContainerLayer> Chain(string imageNameOrId) => FindTop(imageNameOrId) is { } top ? Chain(top) : [];

    /// <summary>A layer and all that are below it, lowest first.</summary>
    /// <param name="id">As for <see cref="Get"/>.</param>
    public IReadOnlyList<ContainerLayer> ChainTo(string id) => Chain(LayerId.Parse(Get(id).Id));

    /// <summary>The uppermost layer of an image or a container's image by what users type; set by the store, because names are of a floor above.</summary>
    internal Func<string, LayerId?> FindTop { get; init; } = _ => null;

    /// <summary>The layers from the lowest up to <paramref name="top"/>.</summary>
    internal IReadOnlyList<ContainerLayer> Chain(LayerId top) => LayerView.Of(_metadata, _root).ChainTo(top);

    /// <summary>Writes the uncompressed archive that a layer came in, byte for byte; its files and its DiffID are verified as they go.</summary>
    /// <param name="id">As for <see cref="Get"/>.</param>
    /// <param name="destination">Where the archive goes; not disposed. After a failure what went there is worth nothing.</param>
    /// <param name="cancellation">Stops within one buffer.</param>
    /// <exception cref="StoreException">
    /// As for <see cref="Get"/>; <see cref="ErrorIds.LayerFileChanged"/> with the file that is missing or has changed inside the store; <see cref="ErrorIds.LayerDigestMismatch"/>;
    /// <see cref="ErrorIds.LayerNotExact"/> where the layer was imported by a version that kept no tar-split.
    /// </exception>
    public void WriteArchive(string id, Stream destination, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using var lease = NewLease();
        new LayerArchive(_driver).WriteTo(TakeForExport(id, lease), destination, cancellation);
    }

    /// <summary>Finds a layer that is to be read, and keeps it by the lease.</summary>
    internal LayerRecord TakeForExport(string id, LayerLease lease) => _metadata.Database.Write(transaction =>
    {
        var found = LayerId.Parse(FindOne(LayerView.Of(_metadata, _root, transaction), id).Id);
        lease.Take(transaction, [found]);
        return _metadata.Layers.Find(found, transaction)!;
    }, durable: false);

    /// <summary>Says what differs between two layers, each seen with all that is below it; sorted by path.</summary>
    /// <param name="reference">The one that is compared with: as for <see cref="Get"/>, or an image's or a container's name or id, which means its image's uppermost layer.</param>
    /// <param name="difference">The other one.</param>
    /// <param name="cancellation">Stops the walk.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerNotFound"/> where neither a layer nor an image has the name.</exception>
    public IReadOnlyList<LayerDifference> Compare(string reference, string difference, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        ArgumentException.ThrowIfNullOrEmpty(difference);
        var (before, after) = (FindLayer(reference), FindLayer(difference));
        using var lease = NewLease();
        _metadata.Database.Write(transaction => lease.Take(transaction, [before, after]), durable: false);
        using var old = Open(before);
        using var now = Open(after);
        return
        [
            .. MergedComparison.Of(old.Stack, now.Stack, cancellation).Select(change => new LayerDifference
            {
                Kind = change.Kind,
                Path = change.Path,
                RawPath = change.RawPath,
                ReferenceId = before.Value,
                DifferenceId = after.Value,
                Root = _root,
            }),
        ];

        MergedTree Open(LayerId id) => new(_driver, id, ParentsOf(id));
    }

    /// <summary>The layer of that id, prefix, DiffID or chain id, or the uppermost one of an image.</summary>
    internal LayerId FindLayer(string name)
    {
        try
        {
            return LayerId.Parse(Get(name).Id);
        }
        catch (StoreException notFound) when (notFound.ErrorId == ErrorIds.LayerNotFound)
        {
            try
            {
                if (FindTop(name) is { } top)
                    return top;
            }
            catch (StoreException e) when (e.ErrorId is ErrorIds.ImageNotFound or ErrorIds.ReferenceInvalid)
            {
                // Then it is neither.
            }
            throw new StoreException(ErrorIds.LayerNotFound, StoreErrorKind.NotFound, name,
                $"'{Printable.Escape(name)}' is neither a layer nor an image with layers in the store '{Printable.Escape(_root)}'.",
                "Give a layer's id, the beginning of one, a DiffID or a chain id, or an image's name.");
        }
    }

    /// <summary>Layers on disk that no record knows, from a lost database or a foreign hand; they are reported, never used.</summary>
    public IReadOnlyList<string> Orphans()
    {
        // First what is on disk, then the rows: a row is written before its directory is made.
        var stored = _driver.Enumerate().Select(layer => layer.Id).ToList();
        var known = _metadata.Layers.AllIds();
        return [.. stored.Where(id => !known.Contains(id)).Select(id => id.Value).Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes one orphan.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerNotFound"/>; <see cref="ErrorIds.LayerInUse"/> where a record knows it.</exception>
    public void RemoveOrphan(string id)
    {
        if (!LayerId.TryParse(id, out var layer) || !_driver.Enumerate().Any(stored => stored.Id == layer))
            throw new StoreException(ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id,
                $"There is no layer '{Printable.Escape(id)}' on the disk of the store '{Printable.Escape(_root)}'.",
                "List the orphans and give one of their full ids.");
        if (_metadata.Layers.Find(layer) is not null)
            throw new StoreException(ErrorIds.LayerInUse, StoreErrorKind.InUse, id,
                $"The layer '{id}' is no orphan: the store's database knows it.",
                "Remove the images and containers that need it instead.");
        _driver.Remove(layer);
    }

    /// <summary>Begins to keep layers that are read.</summary>
    internal LayerLease NewLease() => new(_metadata, _removal);

    /// <summary>Begins an import's layers.</summary>
    internal LayerIngest BeginIngest() => new(_metadata, _driver, this, _removal, _recovery);

    /// <summary>Begins an image's layer that is a container's, or a copy of it.</summary>
    internal DirectLayer BeginDirect(LayerId container, bool takeOver) => new(_metadata, _driver, this, _removal, _recovery, _owner, container, takeOver);

    /// <summary>The layers below, nearest first, down to the lowest or to the first that hides everything below it.</summary>
    internal IReadOnlyList<LayerId> ParentsOf(LayerId id)
    {
        var chain = Visible(_metadata.Layers.Chain(id));
        return chain.Count == 0 ? [] : chain.GetRange(1, chain.Count - 1);
    }

    /// <summary>As <see cref="ParentsOf"/>, with the layer itself first: the parents of a layer on top of it.</summary>
    internal IReadOnlyList<LayerId> ChainOf(LayerId id) => Visible(_metadata.Layers.Chain(id));

    /// <summary>
    /// Marks what nothing needs any more, from <paramref name="top"/> down, in the transaction that dropped the last reference. Give the result to <see cref="DeleteRemoved"/> after the transaction.
    /// </summary>
    internal IReadOnlyList<LayerRecord> ReleaseUnreferenced(MetadataTransaction transaction, LayerId top) =>
        _removal.MarkUnreferenced(transaction, top);

    /// <summary>As <see cref="ReleaseUnreferenced"/>, for a layer that goes whatever needs it: a container's own.</summary>
    internal IReadOnlyList<LayerRecord> Release(MetadataTransaction transaction, LayerRecord layer) => _removal.Mark(transaction, layer);

    /// <summary>Deletes on disk what was marked, then the rows.</summary>
    internal void DeleteRemoved(IReadOnlyList<LayerRecord> layers) => _removal.Delete(layers);

    /// <summary>Deletes the files of a layer that is being undone, before its row: on a full disk the database can be written only when they are gone.</summary>
    internal void TryDeleteFiles(LayerId id) => _removal.TryDeleteFiles(id);

    /// <summary>Finishes or undoes what dead owners left.</summary>
    /// <returns>True where this is the first time since the machine started.</returns>
    internal bool Recover() => _recovery.Run();

    /// <summary>A chain, nearest first, down to the first layer that hides everything below it.</summary>
    internal static List<LayerId> Visible(IReadOnlyList<LayerRecord> chain)
    {
        var visible = new List<LayerId>(chain.Count);
        foreach (var layer in chain)
        {
            visible.Add(layer.Id);
            if (layer.OpaqueRoot)
                break;
        }
        return visible;
    }
}
