using System.Collections.Concurrent;
using LayerStore.Archives;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>Layers as datasets of a ZFS pool: a clone of the parent's snapshot each, with the layer's files and nothing else in it.</summary>
internal sealed class ZfsDriver : IStorageDriver
{
    private static readonly OverlayFormat Format = OverlayFormat.Privileged;

    private readonly ZfsLayout _layout;
    private readonly ZfsDatasets _datasets;
    private readonly ZfsRemoval _removal;
    private readonly long? _quota;

    // Layers from their archive to their commit. A file system that is unmounted waits until all of it is written, which the snapshot is about to do anyway.
    private readonly ConcurrentDictionary<LayerId, ZfsTree> _applying = new();

    // Below that many files a walk is quicker than a program that makes a snapshot.
    private const ulong WorthAsking = 10_000;

    /// <summary>Opens the driver.</summary>
    /// <param name="home">Its directory, which exists.</param>
    /// <param name="datasets">The layers' datasets.</param>
    /// <param name="quota">What a container may write, in bytes, where it has no limit of its own.</param>
    public ZfsDriver(string home, ZfsDatasets datasets, long? quota)
    {
        _layout = new ZfsLayout(home);
        _datasets = datasets;
        _removal = new ZfsRemoval(_layout, datasets);
        _quota = quota;
        _removal.FinishQueued();
    }

    public string Name => ZfsDriverFactory.DriverName;

    public DriverFeatures Features => ZfsDriverFactory.DriverFeatures;

    /// <summary>From how many files on the pool is asked what changed, and nothing else is looked at.</summary>
    internal ulong AskFrom { get; set; } = WorthAsking;

    public int MaxDepth => int.MaxValue;

    public LayerQuota? DefaultQuota => _quota is { } bytes ? new LayerQuota(bytes) : null;

    public IReadOnlyList<StatusLine> Status() => ZfsStatus.Of(_datasets, _removal.Queued.Count);

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        _datasets.Pool.RequireUsable();

        // The directory first: a dataset without one would be nobody's.
        if (!DirectoryHandle.TryCreate(_layout.Layer(id), 0x1C0))
            throw LayerFiles.Exists(id);
        var quota = purpose == LayerPurpose.Container ? _quota : null;
        if (parents.Count == 0)
        {
            _datasets.Create(id, quota);
            return;
        }
        _datasets.Clone(parents[0], id, quota);
        if (purpose == LayerPurpose.Container && _datasets.UsageOf([id]).TryGetValue(id, out var usage))
            ZfsBaseline.Write(_layout.Baseline(id), usage.Written);
    }

    public ExtractionTarget OpenForApply(LayerId id)
    {
        Require(id);
        var staging = DirectoryHandle.Open(SnapshotJoin.CreateStaging(Applying(id).Path, id));
        return new ExtractionTarget(staging, staging.ProcPath(), Format.Dialect, RecordOverrides: false);
    }

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted)
    {
        Require(id);
        SnapshotJoin.Run(Applying(id).Path, id, Format, parents.Count > 0, extracted);
    }

    public string MetadataDirectory(LayerId id) => _layout.Layer(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => LayerFiles.WriteIdentity(_layout.Layer(id), json);

    public void Commit(LayerId id)
    {
        Require(id);
        _datasets.Snapshot(id);
        EndApplying(id);
    }

    // A snapshot and a clone are on disk when their commands return; only the directories beside them are not. Where these are in a pool as well, it is told to write: syncfs(2) only waits until it does by
    // itself, five seconds, as soon as anybody has mapped a file into memory, which the store's database has.
    public void Sync()
    {
        if (ZfsDriverFactory.DatasetOf(_layout.Home) is not { } home)
            DirectoryHandle.FlushFileSystem(_layout.Home);
        else
            _datasets.PoolOf(home).Sync();
    }

    public void SyncLayer(LayerId id)
    {
        LayerFiles.FlushIdentity(_layout.Layer(id));
        DirectoryHandle.Flush(_layout.Layer(id));
        DirectoryHandle.Flush(_layout.Layers);
    }

    public void Remove(LayerId id)
    {
        EndApplying(id);
        _removal.Remove(id);
    }

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode) =>
        new MountPlan.FileSystem(Name, _datasets.Of(id), [], ReadOnly: mode == MountMode.ReadOnly);

    public LayerDirectory OpenContents(LayerId id)
    {
        Require(id);
        using var tree = Open(ZfsTree.OpenCommittedOrToRead, id);
        return new LayerDirectory(DirectoryHandle.Open(tree.Path));
    }

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        Compare(id, parents, cancellation).Usage;

    public LayerAccount? Account(LayerId id) => Accounts([id]).TryGetValue(id, out var account) ? account : null;

    public IReadOnlyDictionary<LayerId, LayerAccount> Accounts(IReadOnlyList<LayerId> ids)
    {
        if (ids.Count == 0)
            return new Dictionary<LayerId, LayerAccount>();

        // What is not written yet is in no book.
        _datasets.Pool.Sync();
        return _datasets.UsageOf(ids).ToDictionary(
            layer => layer.Key,
            layer => new LayerAccount(layer.Value.Used, Unchanged: ZfsBaseline.IsStill(_layout.Baseline(layer.Key), layer.Value)));
    }

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Require(id);
        return Account(id) is { Unchanged: true } ? [] : Compare(id, parents, cancellation).Changes;
    }

    public IEnumerable<StoredLayer> Enumerate()
    {
        var datasets = _datasets.TryList();
        foreach (var directory in Directory.EnumerateDirectories(_layout.Layers))
        {
            if (!LayerId.TryParse(Path.GetFileName(directory), out var id))
                continue;

            // A layer that was complete and lost its dataset is not there any more; one that never got as far is there to be removed.
            var identity = LayerFiles.ReadIdentity(directory);
            if (identity is null || datasets is null || datasets.Contains(id))
                yield return new StoredLayer(id, identity);
        }
    }

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids)
    {
        var lost = _datasets.FindUncommitted(ids);
        lost.UnionWith(LayerFiles.FindLost(ids, _layout.Layer));
        return lost;
    }

    public void Rename(LayerId id, LayerId newId)
    {
        // Whoever comes next would destroy by that name what waits there.
        if (Directory.Exists(_layout.Removing(newId)))
            throw ZfsErrors.StillInUse(newId, _datasets.Of(newId));
        _datasets.Rename(id, newId);
        LayerFiles.Rename(id, newId, _layout.Layer);
    }

    public void SetQuota(LayerId id, LayerQuota quota)
    {
        Require(id);
        if (quota.MaxInodes is not null)
            throw new StoreException(
                ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, id.Value, "The driver zfs limits bytes, not the number of files.",
                "Leave the number of files out.");
        _datasets.SetQuota(id, quota.MaxBytes);
    }

    private ZfsTree Applying(LayerId id) => _applying.GetOrAdd(id, layer => Open(ZfsTree.OpenToWrite, layer));

    private void EndApplying(LayerId id)
    {
        if (_applying.TryRemove(id, out var tree))
            tree.Dispose();
    }

    private TreeDiffer Compare(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation)
    {
        Require(id);
        using var tree = Open(ZfsTree.OpenToRead, id);
        using var parent = parents.Count == 0 ? null : Open(ZfsTree.OpenCommitted, parents[0]);
        if (parent is not null && tree.Files >= AskFrom && ZfsDifference.Find(_datasets, _layout, id, parents[0], tree.Root) is { } changed)
            return TreeDiffer.CompareSnapshot(tree.Root, parent.Root, changed, cancellation);
        return TreeDiffer.CompareSnapshot(tree.Path, parent?.Path, cancellation);
    }

    /// <summary>Opens a dataset; where it was destroyed, the error names the layer.</summary>
    private ZfsTree Open(Func<ZfsDatasets, LayerId, ZfsTree> open, LayerId id)
    {
        try
        {
            return open(_datasets, id);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.LayerNotFound)
        {
            throw ZfsErrors.Missing(id, _datasets.Of(id));
        }
    }

    private void Require(LayerId id)
    {
        if (!Directory.Exists(_layout.Layer(id)))
            throw LayerFiles.Missing(id, _layout.Layer(id));
    }
}
