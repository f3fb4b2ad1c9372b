using LayerStore.Archives;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;
using LayerStore.Linux.Btrfs;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Btrfs;

/// <summary>Layers as btrfs subvolumes, each a snapshot of its parent; containers are writable snapshots. Blocks are shared until somebody writes to them.</summary>
internal sealed class BtrfsDriver : IStorageDriver
{
    // Seconds after which the kernel has long written out what was written to a file.
    private const ulong ContentsDelay = 120;

    private readonly BtrfsLayout _layout;
    private readonly BtrfsOptions _options;
    private readonly OverlayFormat _format = OverlayFormat.Privileged;

    /// <summary>Opens the driver on its directory, which exists.</summary>
    public BtrfsDriver(string home, BtrfsOptions options) => (_layout, _options) = (new BtrfsLayout(home), options);

    public string Name => BtrfsDriverFactory.DriverName;

    public DriverFeatures Features
    {
        get
        {
            using var home = DirectoryHandle.Open(_layout.Home);
            return DriverFeatures.AppliesOnParent | (BtrfsQuota.IsOn(home) ? DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage : 0);
        }
    }

    public int MaxDepth => int.MaxValue;

    public LayerQuota? DefaultQuota => _options.Size is { } size ? new LayerQuota(size) : null;

    public IReadOnlyList<StatusLine> Status() => BtrfsStatus.Of(_layout.Home);

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        using var parent = parents.Count == 0 ? null : OpenTree(parents[0]);
        if (Directory.Exists(_layout.Subvolume(id)) || !DirectoryHandle.TryCreate(_layout.Meta(id), 0x1C0))
            throw LayerFiles.Exists(id);
        using var place = DirectoryHandle.Open(_layout.Subvolumes);
        var name = FileName.Terminated(id.Value);
        if (parent is not null)
            Subvolume.Snapshot(parent, place, name);
        else
        {
            Subvolume.Create(place, name);
            using var root = OpenTree(id);
            if (Libc.Fchmod(root.Descriptor(), 0x1ED) < 0)
                throw LinuxError.Last("set the mode of", _layout.Subvolume(id));
        }
        if (purpose == LayerPurpose.Image)
            SnapshotJoin.CreateStaging(_layout.Subvolume(id), id);
        else if (DefaultQuota is { } quota)
            SetQuota(id, quota);
    }

    public ExtractionTarget OpenForApply(LayerId id)
    {
        var staging = SnapshotJoin.StagingIn(_layout.Subvolume(id), id);
        return Directory.Exists(staging)
            ? new ExtractionTarget(DirectoryHandle.Open(staging), staging, _format.Dialect, RecordOverrides: false)
            : throw LayerFiles.Missing(id, staging);
    }

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted) =>
        SnapshotJoin.Run(_layout.Subvolume(id), id, _format, hasParent: parents.Count > 0, extracted);

    public string MetadataDirectory(LayerId id) => _layout.Meta(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => LayerFiles.WriteIdentity(_layout.Meta(id), json);

    public void Commit(LayerId id)
    {
        // The flag and not a read-only snapshot: it costs no transaction of its own, and no moment has two subvolumes or none.
        using var root = OpenTree(id);
        Subvolume.SetReadOnly(root, true);
    }

    public void Sync() => DirectoryHandle.FlushFileSystem(_layout.Home);

    // A snapshot is durable as soon as it is made, and the layer's directory with it: what is left is the identity file.
    public void SyncLayer(LayerId id) => LayerFiles.FlushIdentity(_layout.Meta(id));

    public void Remove(LayerId id)
    {
        BtrfsRemoval.Remove(_layout, id);
        LayerFiles.Remove(_layout.Home, _layout.Meta(id), id.Value + ".meta");
    }

    // Without access times a container that only reads stays unchanged, and so costs neither space nor a look at its files.
    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode) =>
        new MountPlan.Bind(_layout.Subvolume(id), ReadOnly: mode == MountMode.ReadOnly, KeepsAccessTimes: true);

    public LayerDirectory OpenContents(LayerId id) => new(OpenTree(id));

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        Compare(id, parents, cancellation) is { } comparison ? comparison.Usage with { AllocatedBytes = null } : default;

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        Compare(id, parents, cancellation)?.Changes ?? [];

    public LayerAccount? Account(LayerId id)
    {
        using var root = OpenTree(id);
        // Another process may have removed it since it was opened; what is gone has no account.
        return Subvolume.TryInfoOf(root) is { } info && BtrfsQuota.Exclusive(root, info.TreeId) is { } bytes ? new LayerAccount(bytes) : null;
    }

    public IEnumerable<StoredLayer> Enumerate() => LayerFiles.Enumerate(_layout.Home, BtrfsLayout.LayersName, BtrfsLayout.SubvolumesName);

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids) => LayerFiles.FindLost(ids, _layout.Subvolume);

    public void Rename(LayerId id, LayerId newId) => LayerFiles.Rename(id, newId, _layout.Meta, _layout.Subvolume);

    public void SetQuota(LayerId id, LayerQuota quota)
    {
        using var root = OpenTree(id);
        if (!BtrfsQuota.IsOn(root))
            throw QuotaErrors.Unsupported(Name, id.Value, "quota is off on its file system, and 'btrfs quota enable' is the administrator's to say");
        if (quota.MaxInodes is not null)
            throw QuotaErrors.Unsupported(Name, id.Value, "btrfs limits bytes, not inodes");
        if (quota.MaxBytes is { } bytes && bytes < _options.MinimumSpace)
            throw BtrfsOptions.TooSmall(id, bytes, _options.MinimumSpace);
        BtrfsQuota.Limit(root, quota.MaxBytes);
    }

    /// <summary>Compares a layer with its parent; null where nobody wrote to it.</summary>
    /// <remarks>
    /// A write changes its inode at once, unless the file was written to in the same tick of the clock before: then only when its contents reach the disk, half a minute later.
    /// In a container that can happen where the parent was changed in the moment in which the container was made.
    /// </remarks>
    private TreeDiffer? Compare(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var tree = OpenTree(id);
        if (parents.Count == 0)
            return TreeDiffer.Compare(_layout.Subvolume(id), null, null, cancellation);
        using var parent = OpenTree(parents[0]);
        var info = Subvolume.InfoOf(tree);
        var parentInfo = Subvolume.InfoOf(parent);
        if (info.ParentUuid != parentInfo.Uuid)
            return TreeDiffer.Compare(_layout.Subvolume(id), _layout.Subvolume(parents[0]), default(StatxTimestamp), cancellation);
        if (info.OriginSeconds <= parentInfo.ChangeSeconds + 1 && (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds() <= info.OriginSeconds + ContentsDelay)
        {
            BtrfsFileSystem.Flush(tree);
            info = Subvolume.InfoOf(tree);
        }
        if (info.ChangeTransaction <= info.OriginTransaction)
            return null;
        BtrfsFileSystem.Settle(tree, info.ChangeTransaction);
        return TreeDiffer.CompareSnapshot(tree, parent, SubvolumeChanges.Since(tree, info.OriginTransaction, cancellation), cancellation);
    }

    private SafeFileHandle OpenTree(LayerId id)
    {
        // In one step: between a look and the opening another process may remove it.
        var path = _layout.Subvolume(id);
        return DirectoryHandle.TryOpenAt(Libc.AT_FDCWD, FileName.Terminated(path)) ?? throw LayerFiles.Missing(id, path);
    }
}
