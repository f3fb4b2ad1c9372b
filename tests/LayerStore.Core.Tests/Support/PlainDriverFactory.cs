using LayerStore.Drivers;

namespace LayerStore.Tests.Support;

/// <summary>Opens <see cref="PlainDriver"/>s.</summary>
internal sealed class PlainDriverFactory : IStorageDriverFactory
{
    public string Name { get; init; } = "plain";

    /// <summary>The check that fails; null where the driver works.</summary>
    public ProbeCheck? Failure { get; init; }

    /// <summary>True where read-write mounts shall be mounts of the kernel.</summary>
    public bool Bind { get; init; }

    public bool RequiresRoot { get; init; }

    public DriverFeatures Features { get; init; } = DriverFeatures.IndependentApply | DriverFeatures.MountFree;

    public Func<LayerId, long?>? Bookkeeping { get; init; }

    public Action<string>? Watch { get; init; }

    /// <summary>Told each time the driver is probed, with the options.</summary>
    public Action<DriverOptions>? Probed { get; init; }

    public IReadOnlyList<DriverOption> Options { get; } = [new("plain.size", DriverOptionType.Size, "Limits layers.")];

    public ProbeReport Probe(string directory, DriverOptions options)
    {
        Assert.True(Directory.Exists(directory));
        Probed?.Invoke(options);
        return new ProbeReport(Name, directory, Failure is null ? [] : [Failure]);
    }

    public IStorageDriver Open(string home, DriverOptions options)
    {
        var size = new DriverOptionValues(Name, Options, options).Size("plain.size");
        if (Failure is not null)
            throw new StoreException(ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, home, Failure.Evidence, Failure.Remedy);
        Directory.CreateDirectory(home);
        var driver = new PlainDriver(home, Bind, Name) { DefaultQuota = size is null ? null : new LayerQuota(size), Features = Features, Bookkeeping = Bookkeeping };
        return Watch is null ? driver : new WatchedDriver(driver, Watch);
    }
}
