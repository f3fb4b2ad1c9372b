using LayerStore.Archives;
using LayerStore.Drivers.Overlay2;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.Vfs;

/// <summary>Layers as whole copies of their parents. It needs no kernel support and no mount, and shares blocks where the file system can.</summary>
internal sealed class VfsDriver : IStorageDriver
{
    private readonly VfsLayout _layout;
    private readonly VfsFreshCopies _fresh;
    private readonly OverlayFormat _format;
    private readonly bool _sharesBlocks;
    private readonly LayerProjects? _projects;
    private readonly string _noProjects;

    /// <summary>Opens the driver on its directory, which exists.</summary>
    /// <param name="home">The directory.</param>
    /// <param name="defaultQuota">The limit of containers that have none of their own.</param>
    public VfsDriver(string home, LayerQuota? defaultQuota = null)
    {
        DefaultQuota = defaultQuota;
        _projects = LayerProjects.TryOpen(Name, home, out _noProjects);
        if (_projects is { HomeInherits: true })
            (_projects, _noProjects) = (null, "its directory belongs to a project, and trees are moved within it");
        _layout = new VfsLayout(home);
        _fresh = new VfsFreshCopies(_layout);
        _fresh.Recover();
        _format = TrustedAttributes.Available(home) ? OverlayFormat.Privileged : OverlayFormat.User;
        _sharesBlocks = BackingFileSystem.Of(home).MayShareBlocks;
    }

    public string Name => VfsDriverFactory.DriverName;

    public DriverFeatures Features => DriverFeatures.MountFree | (_projects is null ? DriverFeatures.None : DriverFeatures.Quota);

    public LayerQuota? DefaultQuota { get; }

    public int MaxDepth => int.MaxValue;

    public IReadOnlyList<StatusLine> Status() => [new("Backing Filesystem", BackingFileSystem.Of(_layout.Home).Name)];

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        if (Directory.Exists(_layout.Tree(id)) || !DirectoryHandle.TryCreate(_layout.Meta(id), 0x1C0))
            throw LayerFiles.Exists(id);
        if (purpose == LayerPurpose.Image)
        {
            DirectoryHandle.TryCreate(_layout.Staging(id), 0x1ED);
            return;
        }
        DirectoryHandle.TryCreate(_layout.Growing(id), 0x1ED);
        // The tree counts as a whole, as with Docker: the copy is the container's own.
        if (_projects is not null)
            _projects.Adopt([_layout.Growing(id)], DefaultQuota);
        else if (DefaultQuota is not null)
            throw QuotaErrors.Unsupported(Name, VfsOptions.SizeName, _noProjects);
        // A copy that is limited belongs to a project; it would have to get the same one again.
        if (parents.Count > 0 && _projects is null)
            _fresh.Mark(id, parents[0]);
        VfsFreshCopies.Fill(_layout, id, parents.Count > 0 ? TreeOf(parents[0]) : null);
    }

    public ExtractionTarget OpenForApply(LayerId id)
    {
        var staging = _layout.Staging(id);
        if (!Directory.Exists(staging))
            throw LayerFiles.Missing(id, staging);
        return new ExtractionTarget(DirectoryHandle.Open(staging), staging, _format.Dialect, RecordOverrides: _format == OverlayFormat.User);
    }

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted)
    {
        // The nearest parent's tree holds all the others.
        IEnumerable<(string, LayerFormat?)> parent = parents.Count == 0 ? [] : [(TreeOf(parents[0]), null)];
        var staging = _layout.Staging(id);
        var merger = new DiffMerger(_format, filesOnly: LayerCompletion.Run(staging, _format, parent, extracted));
        var growing = _layout.Growing(id);
        if (parents.Count == 0)
        {
            EntryMove.Move(staging, growing);
            using var root = DirectoryHandle.Open(growing);
            merger.Flatten(root);
        }
        else
        {
            TreeCopy.Copy(TreeOf(parents[0]), growing);
            using var staged = DirectoryHandle.Open(staging);
            using var target = DirectoryHandle.Open(growing);
            merger.Merge(staged, target);
        }
        MoveIntoPlace(id);
        TreeRemover.Remove(staging);
    }

    public string MetadataDirectory(LayerId id) => _layout.Meta(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => LayerFiles.WriteIdentity(_layout.Meta(id), json);

    public void Commit(LayerId id)
    {
        // A committed layer is only ever copied or bind-mounted read-only; what is left to do is to be sure that it is there.
        _ = TreeOf(id);
        TreeRemover.Remove(_layout.Staging(id));
    }

    public void Sync() => DirectoryHandle.FlushFileSystem(_layout.Home);

    public void SyncLayer(LayerId id)
    {
        if (!_fresh.TryFlushMark(id))
        {
            Sync();
            return;
        }
        LayerFiles.FlushIdentity(_layout.Meta(id));
        DirectoryHandle.Flush(_layout.Meta(id));
        DirectoryHandle.Flush(Path.GetDirectoryName(_layout.Meta(id))!);
    }

    public void Attach(LayerId id)
    {
        _ = TreeOf(id);
        _fresh.Settle(id);
    }

    public void Remove(LayerId id)
    {
        var project = _projects?.Of(Directory.Exists(_layout.Tree(id)) ? _layout.Tree(id) : _layout.Growing(id)) ?? 0;
        LayerFiles.Remove(_layout.Home, _layout.Tree(id), id.Value);
        LayerFiles.Remove(_layout.Home, _layout.Meta(id), id.Value + ".meta");
        _fresh.Forget(id);
        _projects?.Release(project);
    }

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode) => mode == MountMode.ReadWrite
        ? new MountPlan.Directory(_layout.Tree(id))
        : new MountPlan.Bind(_layout.Tree(id), ReadOnly: true);

    public LayerDirectory OpenContents(LayerId id) => new(DirectoryHandle.Open(TreeOf(id)));

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        var usage = Compare(id, parents, cancellation).Usage;
        return _sharesBlocks ? usage with { AllocatedBytes = null } : usage;
    }

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) =>
        Compare(id, parents, cancellation).Changes;

    public IEnumerable<StoredLayer> Enumerate() => LayerFiles.Enumerate(_layout.Home, VfsLayout.MetaName, VfsLayout.TreesName);

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids) => LayerFiles.FindLost(ids, _layout.Tree);

    public void Rename(LayerId id, LayerId newId) => LayerFiles.Rename(id, newId, _layout.Meta, _layout.Tree);

    public void SetQuota(LayerId id, LayerQuota quota)
    {
        if (_projects is null)
            throw QuotaErrors.Unsupported(Name, id.Value, _noProjects);
        _projects.Limit(TreeOf(id), id, quota);
    }

    private TreeDiffer Compare(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation)
    {
        var tree = TreeOf(id);
        StatxTimestamp? since = null;
        using (var meta = DirectoryHandle.Open(_layout.Meta(id)))
        {
            if (new TreeDirectory(meta).TryStat("created"u8, out var created))
                since = created.ModificationTime;
        }
        return TreeDiffer.Compare(tree, parents.Count == 0 ? null : TreeOf(parents[0]), since, cancellation);
    }

    private string TreeOf(LayerId id)
    {
        var path = _layout.Tree(id);
        return Directory.Exists(path) ? path : throw LayerFiles.Missing(id, path);
    }

    private void MoveIntoPlace(LayerId id) => EntryMove.Move(_layout.Growing(id), _layout.Tree(id));
}
