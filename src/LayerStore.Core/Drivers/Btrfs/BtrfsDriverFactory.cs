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
    public void CheckOptions(DriverOptions options) => _ = new BtrfsOptions(options);

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => ProbeReport.WithOptions(
        DriverName, directory, () => new BtrfsProbe(directory, needsQuota: new BtrfsOptions(options).NeedQuota).Run());

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var read = new BtrfsOptions(options);
        LayerFiles.EnsureHome(home, this, options, null, BtrfsLayout.SubvolumesName, BtrfsLayout.LayersName);
        BtrfsRemoval.FinishAll(new BtrfsLayout(home));
        return new BtrfsDriver(home, read);
    }
}
