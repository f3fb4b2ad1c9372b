using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Tests.Support;

/// <summary>The least that a driver can be: a directory a layer. For tests of what stands above drivers.</summary>
internal sealed class PlainDriver(string home, bool bind = false, string name = "plain") : IStorageDriver
{
    public string Name => name;

    public DriverFeatures Features { get; init; } = DriverFeatures.IndependentApply | DriverFeatures.MountFree;

    public LayerQuota? DefaultQuota { get; init; }

    /// <summary>The driver's bookkeeping; null where it keeps none.</summary>
    public Func<LayerId, long?>? Bookkeeping { get; init; }

    public int MaxDepth => 5;

    public IReadOnlyList<StatusLine> Status() => [new("Backing Filesystem", "whatever")];

    public void Prepare(LayerId id, LayerPurpose purpose, IReadOnlyList<LayerId> parents)
    {
        Assert.False(Directory.Exists(PathOf(id)), "prepared twice");
        Assert.All(parents, parent => Assert.True(Directory.Exists(PathOf(parent)), "a parent is missing"));
        Directory.CreateDirectory(Path.Combine(PathOf(id), "diff"));
    }

    public ExtractionTarget OpenForApply(LayerId id)
    {
        var path = Path.Combine(PathOf(id), "diff");
        var descriptor = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        Assert.True(descriptor >= 0);
        return new ExtractionTarget(new SafeFileHandle(descriptor, ownsHandle: true), path, WhiteoutDialect.Overlay, RecordOverrides: false);
    }

    public void CompleteApply(LayerId id, IReadOnlyList<LayerId> parents, ExtractedLayer extracted) =>
        File.WriteAllLines(Path.Combine(PathOf(id), "parents"), parents.Select(parent => parent.Value));

    public string MetadataDirectory(LayerId id) => PathOf(id);

    public LayerDirectory OpenContents(LayerId id) => new(DirectoryHandle.Open(Path.Combine(PathOf(id), "diff")));

    public void WriteIdentity(LayerId id, ReadOnlySpan<byte> json) => File.WriteAllBytes(Path.Combine(PathOf(id), "identity"), json);

    public void Commit(LayerId id)
    {
    }

    public void Sync()
    {
    }

    public void SyncLayer(LayerId id)
    {
    }

    public void Remove(LayerId id)
    {
        if (Directory.Exists(PathOf(id)))
            Directory.Delete(PathOf(id), recursive: true);
    }

    public MountPlan PlanMount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode)
    {
        var diff = Path.Combine(PathOf(id), "diff");
        return bind || mode == MountMode.ReadOnly ? new MountPlan.Bind(diff, mode == MountMode.ReadOnly) : new MountPlan.Directory(diff);
    }

    public LayerAccount? Account(LayerId id) => Bookkeeping?.Invoke(id) is { } bytes ? new LayerAccount(bytes) : null;

    public Usage Measure(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var files = new DirectoryInfo(Path.Combine(PathOf(id), "diff")).GetFiles("*", SearchOption.AllDirectories);
            return new Usage(files.Sum(file => file.Length), files.Length);
        }
        catch (DirectoryNotFoundException)
        {
            throw new StoreException(ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id.Value, "It is gone.", "");
        }
    }

    public IReadOnlyList<LayerChange> Changes(LayerId id, IReadOnlyList<LayerId> parents, CancellationToken cancellation = default) => [];

    public IEnumerable<StoredLayer> Enumerate() =>
        Directory.EnumerateDirectories(home).Select(path => new StoredLayer(
            LayerId.Parse(Path.GetFileName(path)),
            File.Exists(Path.Combine(path, "identity")) ? File.ReadAllBytes(Path.Combine(path, "identity")) : null));

    public IReadOnlySet<LayerId> FindLost(IReadOnlyCollection<LayerId> ids) => ids.Where(id => !Directory.Exists(PathOf(id))).ToHashSet();

    public void Rename(LayerId id, LayerId newId) => Directory.Move(PathOf(id), PathOf(newId));

    /// <summary>Writes the limit down, and refuses one byte.</summary>
    public void SetQuota(LayerId id, LayerQuota quota)
    {
        if (!Features.HasFlag(DriverFeatures.Quota) || quota.MaxBytes == 1)
            throw new StoreException(ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, null, "No quota.", "");
        File.WriteAllText(Path.Combine(PathOf(id), "quota"), $"{quota.MaxBytes} bytes, {quota.MaxInodes} inodes");
    }

    public string QuotaThatWasGiven(LayerId id) => File.ReadAllText(Path.Combine(PathOf(id), "quota"));

    public IReadOnlyList<string> ParentsThatWereGiven(LayerId id) => File.ReadAllLines(Path.Combine(PathOf(id), "parents"));

    private string PathOf(LayerId id) => Path.Combine(home, id.Value);
}
