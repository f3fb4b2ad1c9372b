using LayerStore.Archives;
using LayerStore.Archives.TarSplit;
using LayerStore.Drivers;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>
/// An image's layer that is a container's layer itself, or a copy of its directory, on drivers where both stand on disk in the same way (<see cref="DriverFeatures.TakesOver"/>). Its archive is only read:
/// for the digest and the tar-split. Disposed without <see cref="TryCommit"/> it is as if nothing had been done.
/// </summary>
/// <remarks>
/// A layer that is taken over is the container's until the transaction that makes it the image's; only what nobody needs (a tar-split) was written before. What must go from it goes afterwards, and the next
/// opener does it where this process could not. A copy has a row before it has a directory, as every layer.
/// </remarks>
internal sealed class DirectLayer : IDisposable
{
    private readonly StoreMetadata _metadata;
    private readonly IStorageDriver _driver;
    private readonly LayerRemoval _removal;
    private readonly LayerRecovery _recovery;
    private readonly LayerOwner _owner;
    private readonly LayerRecord _container;
    private readonly IReadOnlyList<LayerId> _parents;
    private readonly bool _takeOver;
    private LayerId _id;
    private IReadOnlyList<LayerChange> _changes = [];
    private Task<Usage>? _usage;
    private Digest _diffId;
    private long _archiveBytes;
    private bool _ended;

    internal DirectLayer(
        StoreMetadata metadata, IStorageDriver driver, LayerCollection layers, LayerRemoval removal, LayerRecovery recovery, LayerOwner owner, LayerId container, bool takeOver)
    {
        (_metadata, _driver, _removal, _recovery, _owner, _takeOver) = (metadata, driver, removal, recovery, owner, takeOver);
        _container = metadata.Layers.Find(container) ?? throw new InvalidOperationException($"The container's layer {container} has no row.");
        _parents = layers.ParentsOf(container);
        if (_parents.Count >= driver.MaxDepth)
            throw new StoreException(ErrorIds.LayerDepthExceeded, StoreErrorKind.NotSupported, container.Value,
                $"The image would have more than {driver.MaxDepth} layers, which the driver {driver.Name} cannot stack.", "Make one layer of everything (-Squash).");
    }

    /// <summary>Makes the layer's archive, or only what is to be known of it.</summary>
    /// <returns>Its digest.</returns>
    public Digest Make(CancellationToken cancellation)
    {
        if (_takeOver)
            _id = _container.Id;
        else
            Copy(cancellation);
        _changes = _driver.Changes(_id, _parents, cancellation);
        _usage = Task.Run(() => _driver.Measure(_id, _parents, cancellation), cancellation);
        using var tree = new MergedTree(_driver, _id, _parents);
        using var split = new TarSplitWriter(LayerArchive.TarSplitPath(_driver, _id));
        using var sink = new ArchiveSink(Stream.Null);
        using var stream = new SinkStream(sink);
        new TreeArchive(tree.Stack, stream, cancellation, new TarSplitBuilder(split)).WriteChanges(_changes);
        split.Finish();
        _archiveBytes = sink.Count;
        return _diffId = sink.Finish();
    }

    /// <summary>Makes it durable, and the store's together with what <paramref name="write"/> adds; a container whose layer it was is gone then.</summary>
    /// <param name="top">The layer below; null where there is none.</param>
    /// <param name="write">Given the layer: the store's own where it has the same already.</param>
    /// <returns>The layer; null where another import is making the same one just now, or the store knows the same and it lost its files: nothing was done then.</returns>
    public LayerId? TryCommit(LayerRecord? top, Action<MetadataTransaction, LayerId> write)
    {
        var layer = new LayerRecord
        {
            Id = _id,
            Purpose = LayerPurpose.Image,
            State = LayerState.Preparing,
            Parent = top?.Id,
            ChainId = LayerIngest.ChainIdOf(top?.ChainId, _diffId),
            DiffId = _diffId,
            Usage = _usage!.GetAwaiter().GetResult() with { AllocatedBytes = null },
            ArchiveBytes = _archiveBytes,
            Depth = top is null ? 0 : top.Depth + 1,
            Created = DateTime.UtcNow,
        };
        if (!_takeOver)
        {
            _driver.WriteIdentity(_id, LayerIdentity.Of(layer).ToJson());
            _driver.Commit(_id);
        }
        _driver.Sync();
        if (_metadata.Layers.FindByChain(layer.ChainId) is { State: LayerState.Committed } known && _driver.FindLost([known.Id]).Count > 0)
            return null;
        var (made, unneeded) = _metadata.Database.Write<(LayerId?, IReadOnlyList<LayerRecord>)>(transaction =>
        {
            var same = _metadata.Layers.FindByChain(layer.ChainId, transaction);
            if (same is { State: LayerState.Preparing })
                return (null, []);
            if (_takeOver)
                ContainerRecords.DeleteByLayer(transaction, _id);
            if (same is not null)
            {
                write(transaction, same.Id);
                return (same.Id, _removal.Mark(transaction, _metadata.Layers.Find(_id, transaction)!));
            }
            LayerRecords.Update(transaction, layer);
            LayerRecords.SetDigests(transaction, _id, layer.ChainId, layer.DiffId);
            if (_takeOver)
                LayerRecords.TakeOver(transaction, _id, _owner.In(transaction));
            else if (!LayerRecords.SetCommitted(transaction, _id))
                throw new InvalidOperationException($"The layer {_id} was taken from its maker.");
            write(transaction, _id);
            return (_id, []);
        }, durable: true);
        if (made is null)
            return null;
        _ended = true;
        _removal.Delete(unneeded);
        if (made == _id && _takeOver)
            _recovery.TryFinishTakeOver(layer, _changes);
        else if (made == _id)
            _driver.ConfirmIdentity(_id);
        return made;
    }

    /// <summary>Undoes what was not committed. Throws nothing: what cannot be undone now is left to the next opener.</summary>
    public void Dispose()
    {
        // Nobody may look at the layer any more when this returns.
        ((IAsyncResult?)_usage)?.AsyncWaitHandle.WaitOne();
        _ = _usage?.Exception;
        if (_ended || _id == default)
            return;
        _ended = true;
        try
        {
            if (_takeOver)
                File.Delete(LayerArchive.TarSplitPath(_driver, _id));
            else
                _removal.Delete(_metadata.Database.Write(transaction => _removal.Mark(transaction, _metadata.Layers.Find(_id, transaction)!), durable: false));
        }
        catch (Exception error) when (error is StoreException or IOException or UnauthorizedAccessException)
        {
            // The row says whose the layer was; a tar-split of a container is replaced by the next one and goes with it.
        }
    }

    private void Copy(CancellationToken cancellation)
    {
        var id = LayerId.New();
        _metadata.Database.Write(
            transaction => LayerRecords.InsertPreparing(transaction, id, LayerPurpose.Image, parent: null, default, default, depth: 0, _owner.In(transaction)), durable: false);
        _id = id;
        _driver.Prepare(id, LayerPurpose.Image, []);
        _driver.CopyLayer(_container.Id, id, cancellation);
        _driver.TakeOver(id, _parents);
    }
}
