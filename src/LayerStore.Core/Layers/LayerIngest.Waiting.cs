using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Layers;

// Imports that want the same layer, and layers that lost their files.
internal sealed partial class LayerIngest
{
    /// <summary>
    /// Gives what was laid anew its own name. A crash in here leaves layers that are lost as before, or whole; none is half of one, and the rows are the same all the time.
    /// </summary>
    private void PutIntoPlace()
    {
        // What is left of children goes first: it may have begun as what is left of parents.
        var anew = _added.Values.Where(layer => layer.IsLaidAnew).OrderByDescending(layer => layer.Depth).ToList();
        if (anew.Count == 0)
            return;
        // What came back meanwhile (a disk that was mounted, a copy of the administrator's) stays, and ours goes.
        var lost = _driver.FindLost([.. anew.Select(layer => layer.Id)]);
        foreach (var layer in anew.Where(layer => lost.Contains(layer.Id)))
        {
            _driver.Remove(layer.Id);
            _driver.Rename(layer.Place, layer.Id);
        }
        _driver.Sync();
    }

    /// <summary>The layers below one that goes on this one, nearest first, by the names that the driver has for them now.</summary>
    private List<LayerId> ChainOf(IngestLayer parent)
    {
        var places = _added.Values.Where(layer => layer.IsLaidAnew).ToDictionary(layer => layer.Id, layer => layer.Place);
        return [.. _layers.ChainOf(parent.Id).Select(id => places.GetValueOrDefault(id, id))];
    }

    /// <summary>The row of what an import is making of that chain; null where none is.</summary>
    private LayerRecord? MakerOf(Digest chainId, MetadataTransaction? transaction = null) => MakerOf(_metadata.Layers.FindByChain(chainId, transaction), lost: true, transaction);

    private LayerRecord? MakerOf(LayerRecord? found, bool lost, MetadataTransaction? transaction) => found switch
    {
        { State: LayerState.Preparing } => found,
        { State: LayerState.Committed } when lost => _metadata.Layers.FindSuccessor(found.Id, transaction),
        _ => null,
    };

    private void BeginWaiting(Digest chainId) => _metadata.Database.Write(transaction =>
    {
        OwnerRecords.Ensure(transaction, _owner, ProcessIdentity.Current);
        OwnerRecords.SetWaitsFor(transaction, _owner, chainId.ToString());
    }, durable: false);

    /// <summary>Waits until the layer is no longer in that import's hands. One of a circle of waiting imports, always the same one, gives up.</summary>
    private void WaitFor(Digest chainId, OwnerRecord other, CancellationToken cancellation)
    {
        while (!cancellation.WaitHandle.WaitOne(10))
        {
            if (MakerOf(chainId)?.Owner != other.Id || !other.Process.IsAlive())
                return;
            if (MustGiveWay(other))
                throw new StoreException(ErrorIds.StoreBusy, StoreErrorKind.InUse, chainId.ToString(),
                    $"Two imports wait for each other's layers; this one gave up at the layer with the chain id {chainId}.",
                    "Run the command again when the other import has ended. Nothing of it was kept.");
        }
        cancellation.ThrowIfCancellationRequested();
    }

    private bool MustGiveWay(OwnerRecord first) => _metadata.Database.Read(transaction =>
    {
        var highest = first.Id;
        var seen = new HashSet<long>();
        for (var next = _metadata.Owners.Find(first.Id, transaction); next is { WaitsFor: not null } && seen.Add(next.Id);)
        {
            highest = Math.Max(highest, next.Id);
            if (MakerOf(Digest.Parse(next.WaitsFor), transaction)?.Owner is not { } holder)
                return false;
            if (holder == _owner)
                return highest < _owner;
            next = _metadata.Owners.Find(holder, transaction);
        }
        return false;
    });
}
