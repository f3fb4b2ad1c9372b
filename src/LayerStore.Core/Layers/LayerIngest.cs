using System.Security.Cryptography;
using System.Text;
using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>
/// The layers of one import: all of them become part of the store at once, or none. Disposed without <see cref="Commit"/> it undoes everything that it prepared,
/// never what somebody else committed. Stop every thread that extracts before disposing.
/// </summary>
internal sealed partial class LayerIngest : IDisposable
{
    private readonly StoreMetadata _metadata;
    private readonly IStorageDriver _driver;
    private readonly LayerCollection _layers;
    private readonly LayerRemoval _removal;
    private readonly LayerRecovery _recovery;
    private readonly Lock _adding = new();
    private readonly Dictionary<Digest, IngestLayer> _added = [];
    private readonly HashSet<LayerId> _lost = [];
    // An owner of its own, not the store's: two imports of one process wait for each other as two processes do.
    private readonly long _owner = OwnerRecords.NewId();
    private bool _ended;

    internal LayerIngest(StoreMetadata metadata, IStorageDriver driver, LayerCollection layers, LayerRemoval removal, LayerRecovery recovery)
    {
        (_metadata, _driver, _layers, _removal, _recovery) = (metadata, driver, layers, removal, recovery);
    }

    /// <summary>Asks which of these layers, where the store knows them, have lost their files: <see cref="Add"/> begins those anew. One question for all; call it first.</summary>
    public void FindLost(IEnumerable<Digest> chainIds)
    {
        var known = chainIds.Select(chain => _metadata.Layers.FindByChain(chain)).OfType<LayerRecord>().Where(layer => layer.State == LayerState.Committed);
        if (known.Select(layer => layer.Id).ToList() is { Count: > 0 } ids)
            _lost.UnionWith(_driver.FindLost(ids));
    }

    /// <summary>
    /// Finds the committed layer of that chain id, which then cannot vanish until this ingest ends; or waits while another live import prepares it; or begins it. Call it
    /// lowest layer first: imports that share layers then wait for each other and cannot block each other. Safe for several threads. The same chain id again gives the same object.
    /// </summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.StoreBusy"/> where two imports wait for each other; <see cref="ErrorIds.DiskFull"/>.</exception>
    public IngestLayer Add(Digest chainId, Digest diffId, CancellationToken cancellation)
    {
        lock (_adding)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            if (_added.TryGetValue(chainId, out var added))
                return added;
            var waiting = false;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var (layer, other) = FindOrBegin(chainId, diffId);
                if (layer is not null)
                {
                    _added.Add(chainId, layer);
                    if (!layer.AlreadyExists && !AppliesOnParent)
                        _driver.Prepare(layer.Place, LayerPurpose.Image, []);
                    return layer;
                }
                if (other is null || !other.Process.IsAlive())
                {
                    _recovery.Settle(other?.Id);
                    continue;
                }
                if (!waiting)
                    BeginWaiting(chainId);
                waiting = true;
                WaitFor(chainId, other, cancellation);
                // It may be whole by now.
                _lost.IntersectWith(_driver.FindLost(_lost));
            }
        }
    }

    /// <summary>The empty directory that the layer's archive goes into; the caller disposes its handle.</summary>
    /// <param name="layer">A layer that the store lacks.</param>
    /// <param name="parent">The layer below; complete where the driver has <see cref="DriverFeatures.AppliesOnParent"/>.</param>
    public ExtractionTarget OpenForApply(IngestLayer layer, IngestLayer? parent)
    {
        if (AppliesOnParent)
            _driver.Prepare(layer.Place, LayerPurpose.Image, parent is null ? [] : ChainOf(parent));
        return _driver.OpenForApply(layer.Place) with { TarSplitPath = LayerArchive.TarSplitPath(_driver, layer.Place) };
    }

    /// <summary>
    /// Joins an extracted layer with its parents and makes it read-only. Call it in chain order: <paramref name="parent"/> is complete.
    /// </summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerDigestMismatch"/>, <see cref="ErrorIds.LayerDepthExceeded"/>.</exception>
    public void Complete(IngestLayer layer, IngestLayer? parent, ExtractedLayer extracted)
    {
        if (layer.IsComplete || parent is { IsComplete: false })
            throw new InvalidOperationException("A layer is completed once, after its parent.");
        if (extracted.DiffId != layer.DiffId)
            throw new StoreException(ErrorIds.LayerDigestMismatch, StoreErrorKind.InvalidData, layer.DiffId.ToString(),
                $"The layer {layer.DiffId} is not what it says: its uncompressed archive has the digest {extracted.DiffId}.",
                "The archive is damaged or was changed; get it again. Nothing of it was kept.");
        if (layer.ChainId != ChainIdOf(parent?.ChainId, layer.DiffId))
            throw new ArgumentException("The chain id does not follow from the parent's and the DiffID.", nameof(layer));
        var parents = parent is null || extracted.RootIsOpaque ? [] : ChainOf(parent);
        if (parents.Count + 1 > _driver.MaxDepth)
            throw new StoreException(ErrorIds.LayerDepthExceeded, StoreErrorKind.NotSupported, layer.DiffId.ToString(),
                $"The image has more than {_driver.MaxDepth} layers, as many as the driver {_driver.Name} can stack.",
                "Build the image with fewer layers, or use a store with another driver.");
        var record = new LayerRecord
        {
            Id = layer.Id,
            Purpose = LayerPurpose.Image,
            State = LayerState.Preparing,
            Parent = parent?.Id,
            ChainId = layer.ChainId,
            DiffId = layer.DiffId,
            Usage = extracted.Usage,
            ArchiveBytes = extracted.ArchiveBytes,
            Depth = parent is null ? 0 : parent.Depth + 1,
            OpaqueRoot = extracted.RootIsOpaque,
            Created = DateTime.UtcNow,
        };
        using (extracted.TarSplit)
        {
            _driver.CompleteApply(layer.Place, parents, extracted);
            extracted.TarSplit?.Complete();
        }
        _driver.WriteIdentity(layer.Place, LayerIdentity.Of(record).ToJson());
        _driver.Commit(layer.Place);
        // Of one that is laid anew the store knows all of this.
        if (!layer.IsLaidAnew)
            _metadata.Database.Write(transaction => LayerRecords.Update(transaction, record), durable: false);
        layer.Depth = record.Depth;
        layer.IsComplete = true;
    }

    /// <summary>
    /// Makes everything durable: one sync of the driver's file system, then one transaction with the layers and what <paramref name="writeImages"/> adds. Layers that nothing
    /// needs after it are removed again.
    /// </summary>
    public void Commit(Action<MetadataTransaction> writeImages)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_added.Values.Any(layer => !layer.IsComplete))
            throw new InvalidOperationException("A layer was added and never completed.");
        if (_added.Values.Any(layer => !layer.AlreadyExists))
            _driver.Sync();
        PutIntoPlace();
        var unneeded = _metadata.Database.Write(transaction =>
        {
            foreach (var layer in _added.Values.Where(layer => !layer.AlreadyExists && !layer.IsLaidAnew))
                if (!LayerRecords.SetCommitted(transaction, layer.Id))
                    throw new InvalidOperationException($"The layer {layer.Id} was taken from its import.");
            var places = _added.Values.Where(layer => layer.IsLaidAnew)
                .SelectMany(layer => _removal.Mark(transaction, _metadata.Layers.Find(layer.Place, transaction)!)).ToList();
            writeImages(transaction);
            return (List<LayerRecord>)[.. places, .. End(transaction)];
        }, durable: true);
        _ended = true;
        foreach (var layer in _added.Values.Where(layer => !layer.AlreadyExists))
            _driver.ConfirmIdentity(layer.Id);
        _removal.Delete(unneeded);
    }

    /// <summary>Undoes what was not committed. Throws nothing: what cannot be undone now is left to the next opener.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        // The files first: on a full disk the database can be written only when they are gone. The rows still say whose they were.
        foreach (var layer in _added.Values.Where(layer => !layer.AlreadyExists).OrderByDescending(layer => layer.Depth))
            _removal.TryDeleteFiles(layer.Place);
        try
        {
            _removal.Delete(_metadata.Database.Write(transaction =>
            {
                // Lowest last: a layer that is complete already stands on its parent.
                var prepared = _metadata.Layers.ListUnsettled(LayerState.Preparing, _owner, transaction);
                return (IReadOnlyList<LayerRecord>)[.. prepared.SelectMany(layer => _removal.Mark(transaction, layer)), .. End(transaction)];
                // Durable: what was committed may be among it, and must not be whole again in the database after its files went.
            }, durable: true));
        }
        catch (StoreException)
        {
            _removal.Abandon(_owner);
        }
    }

    /// <summary>The chain id of a layer, as the OCI image specification defines it (config.md, "Layer ChainID").</summary>
    internal static Digest ChainIdOf(Digest? parent, Digest diffId) => parent is { } chain
        ? Digest.FromSha256(SHA256.HashData(Encoding.ASCII.GetBytes($"{chain} {diffId}")))
        : diffId;

    private bool AppliesOnParent => _driver.Features.HasFlag(DriverFeatures.AppliesOnParent);

    private (IngestLayer? Layer, OwnerRecord? Other) FindOrBegin(Digest chainId, Digest diffId) =>
        _metadata.Database.Write<(IngestLayer?, OwnerRecord?)>(transaction =>
        {
            var found = _metadata.Layers.FindByChain(chainId, transaction);
            var lost = found is { State: LayerState.Committed } && _lost.Contains(found.Id);
            if (MakerOf(found, lost, transaction) is { } made)
                return (null, made.Owner is { } owner ? _metadata.Owners.Find(owner, transaction) : null);
            OwnerRecords.Ensure(transaction, _owner, ProcessIdentity.Current);
            OwnerRecords.SetWaitsFor(transaction, _owner, null);
            if (found is not null)
            {
                OwnerRecords.InsertLease(transaction, found.Id, _owner);
                if (!lost)
                    return (new IngestLayer(found.Id, chainId, diffId, alreadyExists: true, found.Depth), null);
                var place = LayerId.New();
                LayerRecords.InsertPreparing(transaction, place, LayerPurpose.Image, parent: found.Id, default, default, depth: found.Depth, _owner);
                return (new IngestLayer(found.Id, chainId, diffId, alreadyExists: false, found.Depth, place), null);
            }
            var layer = new IngestLayer(LayerId.New(), chainId, diffId, alreadyExists: false, depth: 0);
            LayerRecords.InsertPreparing(transaction, layer.Id, LayerPurpose.Image, parent: null, chainId, diffId, depth: 0, _owner);
            return (layer, null);
        }, durable: false);

    /// <summary>Ends leases and ownership; gives the committed layers that nothing needs now, marked.</summary>
    private List<LayerRecord> End(MetadataTransaction transaction)
    {
        OwnerRecords.Delete(transaction, _owner);
        var marked = new List<LayerRecord>();
        foreach (var layer in _added.Values.OrderByDescending(layer => layer.Depth))
            marked.AddRange(_removal.MarkUnreferenced(transaction, layer.Id));
        return marked;
    }
}
