namespace LayerStore.Drivers.Btrfs;

/// <summary>Probes and opens btrfs.</summary>
public sealed class BtrfsDriverFactory : IStorageDriverFactory
{
    internal const string DriverName = "btrfs";

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options => BtrfsOptions.Known;

    /// <inheritdoc/>
    public DriverFeatures Features => DriverFeatures.AppliesOnParent | DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => new BtrfsProbe(directory, options).Run();

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var read = new BtrfsOptions(options);
        if (!Directory.Exists(Path.Combine(home, LayerFiles.RemovingName)))
            Create(home, options);
        BtrfsRemoval.FinishAll(new BtrfsLayout(home));
        return new BtrfsDriver(home, read);
    }

    /// <summary>Everything is tried once, when the store is made: opening it later costs nothing.</summary>
    private void Create(string home, DriverOptions options)
    {
        LayerFiles.CreateHome(home, BtrfsLayout.SubvolumesName, BtrfsLayout.LayersName);
        var report = Probe(home, options);
        if (report.Supported)
            return;
        LayerFiles.DiscardHome(home);
        throw DriverCatalog.Unsupported(report);
    }
}
