using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Linux;

namespace LayerStore.Tests.Support;

/// <summary>A driver on a file system, and what a test needs to use it as the store does.</summary>
internal sealed class DriverPlayground : IDisposable
{
    private readonly TestDirectory _place;
    private readonly IStorageDriverFactory _factory;
    private readonly DriverOptions _options;

    public DriverPlayground(string driver, string fileSystem, DriverOptions? options = null) : this(DriverCatalog.Get(driver), fileSystem, options)
    {
    }

    public DriverPlayground(IStorageDriverFactory factory, string fileSystem, DriverOptions? options = null)
    {
        _factory = factory;
        _options = options ?? [];
        _place = new TestDirectory(fileSystem);
        Driver = Open();
    }

    public IStorageDriver Driver { get; }

    public IMounts Mounts { get; init; } = new Mounts();

    public string Home => Path.Combine(_place.Path, _factory.Name);

    /// <summary>Another instance on the same directory, as another process would open it.</summary>
    public IStorageDriver Open() => Open(_options);

    /// <summary>As <see cref="Open()"/>, with these options.</summary>
    public IStorageDriver Open(DriverOptions options) => _factory.Open(Home, options);

    /// <summary>A committed image layer with what <paramref name="write"/> makes.</summary>
    public LayerId Image(IReadOnlyList<LayerId> parents, Action<StagedLayer> write, Func<ExtractedLayer, ExtractedLayer>? extracted = null)
    {
        var id = LayerId.New();
        Driver.Prepare(id, LayerPurpose.Image, Driver.Features.HasFlag(DriverFeatures.AppliesOnParent) ? parents : []);
        var target = Driver.OpenForApply(id);
        using (target.Directory)
            write(new StagedLayer(target.DisplayPath));
        var result = new ExtractedLayer { DiffId = default, ArchiveBytes = 0, Usage = default };
        Driver.CompleteApply(id, parents, extracted is null ? result : extracted(result));
        Driver.WriteIdentity(id, "{}"u8);
        Driver.Commit(id);
        Driver.ConfirmIdentity(id);
        return id;
    }

    /// <summary>A container's layer.</summary>
    public LayerId Container(params LayerId[] parents)
    {
        var id = LayerId.New();
        Driver.Prepare(id, LayerPurpose.Container, parents);
        return id;
    }

    /// <summary>Mounts a layer as the store would.</summary>
    public MountedLayer Mount(LayerId id, IReadOnlyList<LayerId> parents, MountMode mode = MountMode.ReadWrite)
    {
        var plan = Driver.PlanMount(id, parents, mode);
        if (plan is MountPlan.Directory directory)
            return new MountedLayer(directory.Path, null);
        var target = _place.Make("mounts/" + Guid.NewGuid().ToString("N"));
        Driver.Attach(id);
        Mounts.Mount(plan, target);
        Driver.Mounted(id);
        return new MountedLayer(target, () =>
        {
            Mounts.Unmount(target);
            Driver.Detach(id);
        });
    }

    /// <summary>A new container on the parents, mounted.</summary>
    public (LayerId Id, MountedLayer Mount) Run(params LayerId[] parents)
    {
        var id = Container(parents);
        return (id, Mount(id, parents));
    }

    /// <summary>The changes, one a line: <c>A /etc/passwd</c>.</summary>
    public IReadOnlyList<string> Changes(LayerId id, params LayerId[] parents) =>
        [.. Driver.Changes(id, parents).Select(change => $"{"ACD"[(int)change.Kind]} {change.Path}")];

    public void Dispose()
    {
        // After a test that failed something may still be mounted, and then no driver gives its devices back.
        _place.Unmount();
        try
        {
            Driver.Shutdown();
        }
        finally
        {
            _place.Dispose();
        }
    }
}

/// <summary>A layer's files where they can be reached.</summary>
internal sealed class MountedLayer(string root, Action? unmount) : IDisposable
{
    public string Root { get; } = root;

    public string At(string path) => Path.Combine(Root, path);

    public string Read(string path) => File.ReadAllText(At(path));

    public void Write(string path, string content) => File.WriteAllText(At(path), content);

    public void Dispose() => Interlocked.Exchange(ref unmount, null)?.Invoke();
}
