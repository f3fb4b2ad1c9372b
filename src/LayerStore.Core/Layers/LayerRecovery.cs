using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>Finishes or undoes what dead owners left. Several openers may do so at once: each owner's layers go to the one that takes its row.</summary>
internal sealed class LayerRecovery(StoreMetadata metadata, IStorageDriver driver, LayerRemoval removal)
{
    /// <summary>Settles everything that no live process settles. Costs two small queries where there is nothing to do.</summary>
    /// <returns>True where this is the first time since the machine started.</returns>
    public bool Run()
    {
        foreach (var owner in metadata.Owners.List())
            if (!owner.Process.IsAlive())
                Settle(owner.Id);
        if (metadata.Layers.HasUnsettledOfNobody())
            Settle(owner: null);
        foreach (var layer in metadata.Layers.ListUnfinished())
            TryFinishTakeOver(layer);
        if (metadata.Settings.Get(SettingRecords.BootId) == ProcessIdentity.Current.BootId)
            return false;
        SweepAfterBoot();
        return true;
    }

    /// <summary>Undoes what an owner (null: nobody) was making and finishes what it was removing.</summary>
    public void Settle(long? owner)
    {
        var taken = metadata.Database.Write(transaction =>
        {
            if (owner is { } id && metadata.Owners.Find(id, transaction) is null)
                return [];
            var layers = new List<LayerRecord>();
            layers.AddRange(metadata.Layers.ListUnsettled(LayerState.Removing, owner, transaction));
            layers.AddRange(metadata.Layers.ListUnsettled(LayerState.Preparing, owner, transaction));
            var below = new List<LayerId>();
            foreach (var layer in layers.ToList())
                layers.AddRange(removal.Mark(transaction, layer).Skip(1));
            if (owner is { } dead)
            {
                below.AddRange(OwnerRecords.DeleteLeases(transaction, dead));
                OwnerRecords.Delete(transaction, dead);
            }
            foreach (var layer in below)
                layers.AddRange(removal.MarkUnreferenced(transaction, layer));
            return layers;
            // Durable: what was committed may be among it, and must not be whole again in the database after its files went.
        }, durable: true);
        try
        {
            removal.Delete([.. taken.OrderByDescending(layer => layer.Purpose).ThenByDescending(layer => layer.Depth)], patient: false);
        }
        catch (StoreException)
        {
            // What cannot be deleted now (still mounted in another mount namespace) is nobody's; the next opener tries again, and this one may work on.
        }
    }

    /// <summary>Does what is left to be done to a container's layer that became an image's; what cannot be done now is left to the next opener.</summary>
    public void TryFinishTakeOver(LayerRecord layer, IReadOnlyList<LayerChange>? changes = null)
    {
        try
        {
            var parents = LayerCollection.Visible(metadata.Layers.Chain(layer.Id)).Skip(1).ToList();
            if (driver.TakeOver(layer.Id, parents, changes) || changes is null)
                layer = layer with { Usage = driver.Measure(layer.Id, parents) with { AllocatedBytes = null } };
            driver.WriteIdentity(layer.Id, LayerIdentity.Of(layer).ToJson());
            driver.Commit(layer.Id);
            driver.SyncLayer(layer.Id);
            driver.ConfirmIdentity(layer.Id);
            metadata.Database.Write(transaction =>
            {
                LayerRecords.Update(transaction, layer);
                LayerRecords.SetTakenOver(transaction, layer.Id);
            }, durable: false);
        }
        catch (StoreException)
        {
            // The image is whole; a socket or a whiteout too much harms nobody.
        }
    }

    /// <summary>
    /// Once a boot: what a power cut may have lost. The row of a layer whose directory it kept, because such rows are not synced: a directory without a row and without a confirmed identity file was never
    /// complete, so it goes; one with such a file is an orphan, which is reported. The removal of a layer whose row it took, since removals are not synced either: it is removed again. And the confirmation
    /// of a layer that is complete.
    /// </summary>
    private void SweepAfterBoot()
    {
        // First what is on disk, then the rows: a row is written before its directory is made.
        foreach (var layer in driver.Enumerate().ToList())
        {
            try
            {
                if (metadata.Layers.Find(layer.Id) is not { } row)
                {
                    if (layer.Identity is null || metadata.Layers.WasRemoved(layer.Id))
                        driver.Remove(layer.Id);
                }
                else if (layer.Identity is null && row.State == LayerState.Committed)
                    driver.ConfirmIdentity(layer.Id);
            }
            catch (StoreException)
            {
                // It stays an orphan, which is reported.
            }
        }
        metadata.Database.Write(
            transaction => SettingRecords.Set(transaction, SettingRecords.BootId, ProcessIdentity.Current.BootId), durable: false);
    }
}
