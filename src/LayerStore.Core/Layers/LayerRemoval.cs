using LayerStore.Drivers;
using LayerStore.Metadata;

namespace LayerStore.Layers;

/// <summary>
/// How layers go: marked in the transaction that drops the last reference, deleted on disk, and only then forgotten. A crash in between leaves a mark that the
/// next opener follows.
/// </summary>
internal sealed class LayerRemoval(StoreMetadata metadata, IStorageDriver driver, LayerOwner owner)
{
    private static readonly TimeSpan ChildWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Marks <paramref name="top"/> and what is below it, as far as nothing needs it; gives what was marked, children before parents.
    /// </summary>
    public IReadOnlyList<LayerRecord> MarkUnreferenced(MetadataTransaction transaction, LayerId top)
    {
        var marked = new List<LayerRecord>();
        for (LayerId? next = top; next is { } id && !LayerRecords.IsReferenced(transaction, id);)
        {
            var layer = metadata.Layers.Find(id, transaction);
            // A layer that its import still prepares is its import's to undo.
            if (layer is null or { State: not LayerState.Committed })
                break;
            LayerRecords.SetRemoving(transaction, id, owner.In(transaction));
            marked.Add(layer);
            next = layer.Parent;
        }
        return marked;
    }

    /// <summary>Marks one layer whatever needs it, and then what is below it as far as nothing needs it.</summary>
    public IReadOnlyList<LayerRecord> Mark(MetadataTransaction transaction, LayerRecord layer)
    {
        LayerRecords.SetRemoving(transaction, layer.Id, owner.In(transaction));
        return layer.Parent is { } parent ? [layer, .. MarkUnreferenced(transaction, parent)] : [layer];
    }

    /// <summary>Deletes marked layers, children before parents.</summary>
    /// <param name="layers">What was marked.</param>
    /// <param name="patient">True to wait for children that somebody else is deleting; false to leave such parents to the next opener.</param>
    /// <exception cref="StoreException">A layer could not be deleted; it and the rest stay marked, for the next opener.</exception>
    public void Delete(IReadOnlyList<LayerRecord> layers, bool patient = true)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            try
            {
                if (!WaitForChildren(layers[i].Id, patient))
                {
                    Leave(layers.Skip(i));
                    return;
                }
                driver.Remove(layers[i].Id);
                metadata.Database.Write(transaction => LayerRecords.Delete(transaction, layers[i].Id), durable: false);
            }
            catch
            {
                Leave(layers.Skip(i));
                throw;
            }
        }
    }

    /// <summary>Deletes a layer's files without its row, as far as that works: the row still says whose they were.</summary>
    public void TryDeleteFiles(LayerId id)
    {
        try
        {
            driver.Remove(id);
        }
        catch (StoreException)
        {
            // What the row is for.
        }
    }

    /// <summary>Leaves to the store's end what an import could not undo.</summary>
    public void Abandon(long other) => owner.Abandon(other);

    private bool WaitForChildren(LayerId id, bool patient)
    {
        var until = DateTime.UtcNow + ChildWait;
        while (metadata.Layers.HasChildren(id))
        {
            if (!patient || DateTime.UtcNow > until)
                return false;
            Thread.Sleep(10);
        }
        return true;
    }

    /// <summary>Makes them nobody's, so that this process's life does not keep others from finishing.</summary>
    private void Leave(IEnumerable<LayerRecord> layers)
    {
        try
        {
            metadata.Database.Write(transaction =>
            {
                foreach (var layer in layers)
                    LayerRecords.SetRemoving(transaction, layer.Id, owner: null);
            }, durable: false);
        }
        catch (StoreException)
        {
            // They stay this process's, and so the next opener's after it.
        }
    }
}
