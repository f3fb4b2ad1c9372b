using System.Collections.Concurrent;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>One store's mark on the layers that it makes and removes. Its row is written when it is first needed.</summary>
internal sealed class LayerOwner(StoreMetadata metadata) : IDisposable
{
    private readonly ConcurrentBag<long> _abandoned = [];
    private readonly long _id = OwnerRecords.NewId();
    private volatile bool _used;

    /// <summary>The owner's number, whose row exists from this transaction on.</summary>
    public long In(MetadataTransaction transaction)
    {
        _used = true;
        OwnerRecords.Ensure(transaction, _id, ProcessIdentity.Current);
        return _id;
    }

    /// <summary>Takes over the end of an owner that could not end itself, on a full disk for example.</summary>
    public void Abandon(long owner) => _abandoned.Add(owner);

    /// <summary>Takes the row away; what is still marked becomes nobody's, and the next opener's to settle.</summary>
    public void Dispose()
    {
        if (!_used && _abandoned.IsEmpty)
            return;
        try
        {
            metadata.Database.Write(transaction =>
            {
                foreach (var owner in _abandoned)
                    OwnerRecords.Delete(transaction, owner);
                OwnerRecords.Delete(transaction, _id);
            }, durable: false);
        }
        catch (StoreException)
        {
            // The rows outlive the process then, and count as a dead owner's.
        }
    }
}
