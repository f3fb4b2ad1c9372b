using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>Keeps committed layers while they are read, whatever becomes of the images that need them. What nothing needs at the end goes then.</summary>
internal sealed class LayerLease : IDisposable
{
    private readonly StoreMetadata _metadata;
    private readonly LayerRemoval _removal;
    private readonly long _owner = OwnerRecords.NewId();

    internal LayerLease(StoreMetadata metadata, LayerRemoval removal) => (_metadata, _removal) = (metadata, removal);

    /// <summary>Keeps the layers from this transaction on.</summary>
    public void Take(MetadataTransaction transaction, IEnumerable<LayerId> layers)
    {
        OwnerRecords.Ensure(transaction, _owner, ProcessIdentity.Current);
        foreach (var layer in layers)
            OwnerRecords.InsertLease(transaction, layer, _owner);
    }

    /// <summary>Lets them go.</summary>
    public void Dispose()
    {
        try
        {
            _removal.Delete(_metadata.Database.Write(transaction =>
            {
                var leased = OwnerRecords.DeleteLeases(transaction, _owner);
                OwnerRecords.Delete(transaction, _owner);
                return (IReadOnlyList<LayerRecord>)[.. leased.SelectMany(layer => _removal.MarkUnreferenced(transaction, layer)).OrderByDescending(layer => layer.Depth)];
            }, durable: true));
        }
        catch (StoreException)
        {
            // The rows are a dead owner's when this process has ended: the next opener settles them.
        }
    }
}
