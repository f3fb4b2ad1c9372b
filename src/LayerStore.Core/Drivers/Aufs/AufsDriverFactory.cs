namespace LayerStore.Drivers.Aufs;

/// <summary>Probes and opens aufs.</summary>
public sealed class AufsDriverFactory : IStorageDriverFactory
{
    internal const string DriverName = "aufs";
    internal const DriverFeatures DriverFeatures = Drivers.DriverFeatures.IndependentApply | Drivers.DriverFeatures.SharesPageCache;

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public DriverFeatures Features => DriverFeatures;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => ProbeReport.WithOptions(DriverName, directory, () =>
    {
        _ = new DriverOptionValues(DriverName, [], options);
        return new AufsProbe(directory).Run();
    });

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        _ = new DriverOptionValues(DriverName, [], options);
        LayerFiles.EnsureHome(home, this, options, null, AufsLayout.BranchesName, AufsLayout.MetaName);
        LayerFiles.FinishRemovals(home);
        return new AufsDriver(home);
    }
}
