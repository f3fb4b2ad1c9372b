using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>One store's mark on the layers that it makes and removes. Its row is written when it is first needed.</summary>
internal sealed class LayerOwner(StoreMetadata metadata) : IDisposable
{
    private readonly long _id = OwnerRecords.NewId();
    private volatile bool _used;

    /// <summary>The owner's number, whose row exists from this transaction on.</summary>
    public long In(MetadataTransaction transaction)
    {
        _used = true;
        OwnerRecords.Ensure(transaction, _id, ProcessIdentity.Current);
        return _id;
    }

    /// <summary>Takes the row away; what is still marked becomes nobody's, and the next opener's to settle.</summary>
    public void Dispose()
    {
        if (!_used)
            return;
        try
        {
            metadata.Database.Write(transaction => OwnerRecords.Delete(transaction, _id), durable: false);
        }
        catch (StoreException)
        {
            // The row outlives the process then, and counts as a dead owner's.
        }
    }
}
