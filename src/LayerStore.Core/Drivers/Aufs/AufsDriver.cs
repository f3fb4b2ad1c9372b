using LayerStore.Archives;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Aufs;

/// <summary>Layers as branches of an aufs, for kernels that carry its patches.</summary>
internal sealed class AufsDriver(string home) : IStorageDriver
{
    /// <summary>AUFS_BRANCH_MAX of kernels as they are usually built; larger ones still stop here, so that a store can move.</summary>
    internal const int MaxBranches = 127;

    // Layers are extracted and joined in this one, and get aufs's names at the end.
    private static readonly OverlayFormat s_staging = OverlayFormat.Privileged;

    private readonly AufsLayout _layout = new(home);

    public string Name => AufsDriverFactory.DriverName;

    public DriverFeatures Features => AufsDriverFactory.DriverFeatures;

    // The writable layer is a branch as well.
    public int MaxDepth => MaxBranches - 1;

    public IReadOnlyList<StatusLine> Status() =>
    [
        new("Root Dir", _layout.Home),
        new("Backing Filesystem", BackingFileSystem.Of(_layout.Home).Name),
        new("Dirs", (long)Directory.EnumerateDirectories(Path.Combine(_layout.Home, AufsLayout.BranchesName)).Count()),
        new("Dirperm1 Supported", AufsMount.TakesDirperm1(Path.Combine(_layout.Home, AufsLayout.BranchesName))),
    ];

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        if (Directory.Exists(_layout.Branch(id)) || !DirectoryHandle.TryCreate(_layout.Meta(id), 0x1C0))
            throw LayerFiles.Exists(id);
        DirectoryHandle.TryCreate(_layout.Branch(id), 0x1ED);
        if (purpose == LayerPurpose.Image)
            return;
        AufsFormat.MakeBooks(_layout.Branch(id));
        if (parents.Count == 0)
            return;

        // The merged root shows the uppermost branch's attributes: they are the nearest parent's.
        using var source = OpenBranch(parents[0]);
        using var target = OpenBranch(id);
        new TreeDirectory(source).TryStat(out var data);
        NodeCopy.CopyDirectoryAttributes(source.Descriptor(), data, target.Descriptor());
    }

    public ExtractionTarget OpenForApply(LayerId id) => new(OpenBranch(id), _layout.Branch(id), s_staging.Dialect, RecordOverrides: false);

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted)
    {
        LayerCompletion.Run(_layout.Branch(id), s_staging, Formatted(parents), extracted);
        using var stack = new LayerStack([(_layout.Branch(id), s_staging), .. Formatted(parents)]);
        new AufsConversion(s_staging).Run(stack);
    }

    public string MetadataDirectory(LayerId id) => _layout.Meta(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => LayerFiles.WriteIdentity(_layout.Meta(id), json);

    // A committed layer is mounted read-only, and by nothing else.
    public void Commit(LayerId id) => OpenBranch(id).Dispose();

    public void Sync() => DirectoryHandle.FlushFileSystem(_layout.Home);

    public void SyncLayer(LayerId id)
    {
        LayerFiles.FlushIdentity(_layout.Meta(id));
        foreach (var directory in new[] { _layout.Branch(id), _layout.Meta(id) })
        {
            DirectoryHandle.Flush(directory);
            DirectoryHandle.Flush(Path.GetDirectoryName(directory)!);
        }
    }

    public void Remove(LayerId id)
    {
        LayerFiles.Remove(_layout.Home, _layout.Branch(id), id.Value);
        LayerFiles.Remove(_layout.Home, _layout.Meta(id), id.Value + ".meta");
    }

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode) => parents.Count <= MaxDepth
        ? new MountPlan.Aufs([_layout.Branch(id), .. parents.Select(_layout.Branch)], ReadOnly: mode == MountMode.ReadOnly)
        : throw new StoreException(
            ErrorIds.LayerDepthExceeded, StoreErrorKind.NotSupported, id.Value,
            $"A container on {parents.Count} layers is too deep for aufs: {MaxDepth} is the limit, because it stacks {MaxBranches} branches (AUFS_BRANCH_MAX).",
            "Squash the image into fewer layers, or use a store with the overlay2 driver (500 layers) or the vfs driver, which has no limit.");

    public LayerDirectory OpenContents(LayerId id) => new(OpenBranch(id)) { Format = AufsFormat.Instance };

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        using var branch = OpenBranch(id);
        return TreeUsage.Measure(branch, AufsFormat.KindOf, cancellation);
    }

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        using var stack = new LayerStack(Formatted([id, .. parents]));
        return LayerChanges.Of(stack, AufsFormat.Instance, cancellation);
    }

    public IEnumerable<StoredLayer> Enumerate() => LayerFiles.Enumerate(_layout.Home, AufsLayout.MetaName, AufsLayout.BranchesName);

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids) => LayerFiles.FindLost(ids, _layout.Branch);

    public void Rename(LayerId id, LayerId newId) => LayerFiles.Rename(id, newId, _layout.Meta, _layout.Branch);

    public void SetQuota(LayerId id, LayerQuota quota) => throw QuotaErrors.Unsupported(Name, id.Value);

    private SafeFileHandle OpenBranch(LayerId id) => DirectoryHandle.Open(Existing(id));

    private string Existing(LayerId id)
    {
        var path = _layout.Branch(id);
        return Directory.Exists(path) ? path : throw LayerFiles.Missing(id, path);
    }

    private IEnumerable<(string, LayerFormat?)> Formatted(IReadOnlyList<LayerId> layers) =>
        layers.Select(layer => (Existing(layer), (LayerFormat?)AufsFormat.Instance));
}
