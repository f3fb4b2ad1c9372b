using LayerStore.Archives;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Layers as directories that overlayfs puts on top of each other.</summary>
internal sealed class Overlay2Driver : IStorageDriver
{
    private readonly Overlay2Layout _layout;
    private readonly OverlayFormat _format;
    private readonly IReadOnlyList<KeyValuePair<string, string?>> _mountOptions;
    private readonly LayerProjects? _projects;
    private readonly string _noProjects;
    private readonly bool _sharesBlocks;

    /// <summary>Opens the driver.</summary>
    /// <param name="home">Its directory, which exists.</param>
    /// <param name="format">How this process may write deletions.</param>
    /// <param name="defaultQuota">The limit of containers that have none of their own.</param>
    public Overlay2Driver(string home, OverlayFormat format, LayerQuota? defaultQuota = null)
    {
        DefaultQuota = defaultQuota;
        _projects = LayerProjects.TryOpen(Name, home, out _noProjects);
        _layout = new Overlay2Layout(home);
        _sharesBlocks = BackingFileSystem.Of(home).MayShareBlocks;
        _format = format;
        _mountOptions = OverlayModule.MountOptions(userAttributes: format == OverlayFormat.User);
    }

    public string Name => Overlay2DriverFactory.DriverName;

    public DriverFeatures Features => DriverFeatures.IndependentApply | DriverFeatures.SharesPageCache | DriverFeatures.TakesOver
        | (_sharesBlocks ? DriverFeatures.SharesBlocks : DriverFeatures.None)
        | (_projects is null ? DriverFeatures.None : DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage);

    public LayerQuota? DefaultQuota { get; }

    public int MaxDepth => OverlayLimits.MaxLowers;

    public IReadOnlyList<StatusLine> Status() => Overlay2Status.Of(_layout.Home, _format);

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        if (!DirectoryHandle.TryCreate(_layout.Layer(id), 0x1C0))
            throw LayerFiles.Exists(id);
        DirectoryHandle.TryCreate(_layout.Diff(id), 0x1ED);
        if (purpose == LayerPurpose.Image)
            return;
        DirectoryHandle.TryCreate(_layout.Work(id), 0x1C0);
        // Also without a limit: the project's account is what the layer takes, known without looking at its files.
        if (_projects is not null)
            _projects.Adopt([_layout.Diff(id), _layout.Work(id)], DefaultQuota);
        else if (DefaultQuota is not null)
            throw QuotaErrors.Unsupported(Name, Overlay2Options.SizeName, _noProjects);
        if (parents.Count == 0)
            return;

        GiveParentsAttributes(parents[0], id);
    }

    public ExtractionTarget OpenForApply(LayerId id) =>
        new(OpenDiff(id), _layout.Diff(id), _format.Dialect, RecordOverrides: false);

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted) =>
        LayerCompletion.Run(_layout.Diff(id), _format, Formatted(parents), extracted);

    public string MetadataDirectory(LayerId id) => _layout.Layer(id);

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => LayerFiles.WriteIdentity(_layout.Layer(id), json);

    public void CopyLayer(LayerId from, LayerId to, CancellationToken cancellation = default) =>
        TreeCopy.CopyInto(Existing(from), Existing(to), _format.WithoutNotes, cancellation);

    public bool TakeOver(LayerId id, IReadOnlyList<LayerId> parents, IReadOnlyList<LayerChange>? changes = null)
    {
        bool cleaned;
        using (var stack = new LayerStack(Formatted([id, .. parents])))
            cleaned = new UpperCleaning(stack, _format).Run(changes ?? LayerChanges.Of(stack, _format, CancellationToken.None));
        if (parents.Count > 0)
            GiveParentsAttributes(parents[0], id);
        if (_projects is not null)
            _projects.Release(_projects.Of(_layout.Diff(id)));
        return cleaned;
    }

    public void Commit(LayerId id)
    {
        // Without a work directory overlayfs cannot mount it for writing.
        OpenDiff(id).Dispose();
        TreeRemover.Remove(_layout.Work(id));
    }

    public void Sync() => DirectoryHandle.FlushFileSystem(_layout.Home);

    public void SyncLayer(LayerId id)
    {
        // The new directories hold nothing yet: their entries and the identity file are all that has to last. The file was made last, so that its flush takes the
        // directories' inodes with it.
        LayerFiles.FlushIdentity(_layout.Layer(id));
        DirectoryHandle.Flush(_layout.Layer(id));
        DirectoryHandle.Flush(_layout.Home);
    }

    public void Remove(LayerId id)
    {
        var project = _projects?.Of(_layout.Diff(id)) ?? 0;
        LayerFiles.Remove(_layout.Home, _layout.Layer(id), id.Value);
        _projects?.Release(project);
    }

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode)
    {
        if (parents.Count > MaxDepth)
            throw OverlayLimits.TooDeep(id.Value, parents.Count, MaxDepth, "the kernel stacks no more (OVL_MAX_STACK)");
        string[] lowers = [.. parents.Select(_layout.Diff)];

        // An overlay needs a lower directory, and two of them where nothing is written: less than that is the directory itself.
        if (mode == MountMode.ReadWrite)
            return lowers.Length == 0
                ? new MountPlan.Bind(_layout.Diff(id), ReadOnly: false)
                : new MountPlan.Overlay(lowers, _layout.Diff(id), _layout.Work(id), _mountOptions);
        if (lowers.Length == 0)
            return new MountPlan.Bind(_layout.Diff(id), ReadOnly: true);
        return lowers.Length < MaxDepth
            ? new MountPlan.Overlay([_layout.Diff(id), .. lowers], null, null, _mountOptions)
            // One directory too many for lowers alone.
            : new MountPlan.Overlay(lowers, _layout.Diff(id), _layout.Work(id), _mountOptions, ReadOnly: true);
    }

    public LayerDirectory OpenContents(LayerId id) => new(OpenDiff(id)) { Format = _format };

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        using var diff = OpenDiff(id);
        return TreeUsage.Measure(diff, cancellation);
    }

    public LayerAccount? Account(LayerId id) => _projects?.Read(_layout.Diff(id));

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        using var stack = new LayerStack(Formatted([id, .. parents]));
        return LayerChanges.Of(stack, _format, cancellation);
    }

    public IEnumerable<StoredLayer> Enumerate()
    {
        foreach (var directory in Directory.EnumerateDirectories(_layout.Home))
        {
            if (LayerId.TryParse(Path.GetFileName(directory), out var id))
                yield return new StoredLayer(id, LayerFiles.ReadIdentity(directory));
        }
    }

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids) => LayerFiles.FindLost(ids, _layout.Diff);

    public void Rename(LayerId id, LayerId newId) => LayerFiles.Rename(id, newId, _layout.Layer);

    public void SetQuota(LayerId id, LayerQuota quota)
    {
        if (_projects is null)
            throw QuotaErrors.Unsupported(Name, id.Value, _noProjects);
        _projects.Limit(Existing(id), id, quota);
    }

    /// <summary>The merged root shows the upper directory's attributes: they are the nearest parent's.</summary>
    private void GiveParentsAttributes(LayerId parent, LayerId id)
    {
        using var source = OpenDiff(parent);
        using var target = OpenDiff(id);
        new TreeDirectory(source).TryStat(out var data);
        NodeCopy.CopyDirectoryAttributes(source.Descriptor(), data, target.Descriptor(), _format.BetweenLayers);
    }

    private SafeFileHandle OpenDiff(LayerId id) => DirectoryHandle.Open(Existing(id));

    private string Existing(LayerId id)
    {
        var path = _layout.Diff(id);
        return Directory.Exists(path) ? path : throw LayerFiles.Missing(id, path);
    }

    private IEnumerable<(string, LayerFormat?)> Formatted(IReadOnlyList<LayerId> layers) =>
        layers.Select(layer => (Existing(layer), (LayerFormat?)_format));
}
