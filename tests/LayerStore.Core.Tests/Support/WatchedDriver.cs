using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>
/// A driver that tells of each call before and after it (<c>Prepare</c>, <c>Prepare.</c>), so that a test can write the order down, fail a step, or kill the process in it.
/// </summary>
internal sealed class WatchedDriver(IStorageDriver inner, Action<string> watch) : IStorageDriver
{
    public string Name => inner.Name;

    public DriverFeatures Features => inner.Features;

    public LayerQuota? DefaultQuota => inner.DefaultQuota;

    public int MaxDepth => inner.MaxDepth;

    public IReadOnlyList<StatusLine> Status() => inner.Status();

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents) => Watch(nameof(Prepare), () => inner.Prepare(id, purpose, parents));

    public ExtractionTarget OpenForApply(LayerId id) => inner.OpenForApply(id);

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted) =>
        Watch(nameof(CompleteApply), () => inner.CompleteApply(id, parents, extracted));

    public string MetadataDirectory(LayerId id) => inner.MetadataDirectory(id);

    public LayerDirectory OpenContents(LayerId id) => inner.OpenContents(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json)
    {
        var copy = json.ToArray();
        Watch(nameof(WriteIdentity), () => inner.WriteIdentity(id, copy));
    }

    public void CopyLayer(LayerId from, LayerId to, CancellationToken cancellation = default) => Watch(nameof(CopyLayer), () => inner.CopyLayer(from, to, cancellation));

    public bool TakeOver(LayerId id, IReadOnlyList<LayerId> parents, IReadOnlyList<LayerChange>? changes = null)
    {
        var cleaned = false;
        Watch(nameof(TakeOver), () => cleaned = inner.TakeOver(id, parents, changes));
        return cleaned;
    }

    public void Commit(LayerId id) => Watch(nameof(Commit), () => inner.Commit(id));

    public void Sync() => Watch(nameof(Sync), inner.Sync);

    public void SyncLayer(LayerId id) => Watch(nameof(SyncLayer), () => inner.SyncLayer(id));

    public void Remove(LayerId id) => Watch(nameof(Remove), () => inner.Remove(id));

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode) => inner.PlanMount(id, parents, mode);

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        watch(nameof(Measure));
        return inner.Measure(id, parents, cancellation);
    }

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        inner.Changes(id, parents, cancellation);

    public void Attach(LayerId id) => Watch(nameof(Attach), () => inner.Attach(id));

    public void Mounted(LayerId id) => inner.Mounted(id);

    public void Detach(LayerId id) => Watch(nameof(Detach), () => inner.Detach(id));

    public IReadOnlyList<string> Warnings() => inner.Warnings();

    public LayerAccount? Account(LayerId id) => inner.Account(id);

    public IReadOnlyDictionary<LayerId, LayerAccount> Accounts(IReadOnlyList<LayerId> ids) => inner.Accounts(ids);

    public void Shutdown() => inner.Shutdown();

    public IEnumerable<StoredLayer> Enumerate() => inner.Enumerate();

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids) => inner.FindLost(ids);

    public void Rename(LayerId id, LayerId newId) => Watch(nameof(Rename), () => inner.Rename(id, newId));

    public void SetQuota(LayerId id, LayerQuota quota) => inner.SetQuota(id, quota);

    private void Watch(string call, Action action)
    {
        watch(call);
        action();
        watch(call + ".");
    }
}
