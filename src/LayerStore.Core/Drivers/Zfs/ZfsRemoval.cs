using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>
/// How layers go. One step takes a layer out of the store; its dataset is destroyed then, or stays queued as long as something holds it: a mount in another namespace ("dataset is busy"),
/// or a clone. Each removal that succeeds, and whoever opens the driver, tries the queue again; one that cannot go does not stop the others.
/// </summary>
internal sealed class ZfsRemoval(ZfsLayout layout, ZfsDatasets datasets)
{
    /// <summary>The layers whose datasets still wait.</summary>
    public IReadOnlyList<LayerId> Queued
    {
        get
        {
            var queued = new List<LayerId>();
            foreach (var path in Directory.EnumerateFileSystemEntries(layout.RemovingAll))
            {
                if (LayerId.TryParse(Path.GetFileName(path), out var id))
                    queued.Add(id);
            }
            return queued;
        }
    }

    /// <summary>Removes a layer.</summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.MountBusy"/> where it is mounted, and still in the store. <see cref="ErrorIds.PoolUnavailable"/>: the layer is out of the store, and queued.
    /// </exception>
    public void Remove(LayerId id)
    {
        if (MountTable.PointOf(ZfsDriverFactory.DriverName, datasets.Of(id)) is { } point)
            throw ZfsErrors.Mounted(id, point);
        if (!TakeOut(id))
            return;
        if (Forget(id, datasets.DestroyPatiently(id)))
            FinishQueued();
    }

    /// <summary>Tries every queued dataset. Throws nothing: what cannot go now stays queued.</summary>
    public void FinishQueued()
    {
        try
        {
            var queued = Queued;
            var families = datasets.FamiliesOf(queued);
            var ready = new Stack<LayerId>(queued.Where(id => !families.TryGetValue(id, out var family) || family.Clones.Count == 0));
            while (ready.TryPop(out var id))
            {
                // A clone that went may have been what held its origin.
                if (Forget(id, datasets.Destroy(id)) && families.GetValueOrDefault(id)?.Origin is { } origin && families.TryGetValue(origin, out var parent)
                    && parent.Clones.Remove(id) && parent.Clones.Count == 0)
                    ready.Push(origin);
            }
        }
        catch (StoreException)
        {
            // The pool is not there. Whoever opens the driver next tries again.
        }
    }

    /// <summary>False where there is no such layer.</summary>
    private bool TakeOut(LayerId id)
    {
        if (Libc.Rename(layout.Layer(id), layout.Removing(id)) == 0)
            return true;
        return Marshal.GetLastPInvokeError() switch
        {
            // An earlier removal came as far.
            Errno.ENOENT => Directory.Exists(layout.Removing(id)),
            _ => throw LinuxError.Last("remove the layer", layout.Layer(id)),
        };
    }

    private bool Forget(LayerId id, DestroyOutcome outcome)
    {
        if (outcome != DestroyOutcome.Gone)
            return false;
        TreeRemover.Remove(layout.Removing(id));
        return true;
    }
}
