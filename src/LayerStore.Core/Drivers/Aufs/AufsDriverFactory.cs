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
    public ProbeReport Probe(string directory, DriverOptions options)
    {
        try
        {
            _ = new DriverOptionValues(DriverName, [], options);
            return new AufsProbe(directory).Run();
        }
        catch (StoreException wrong)
        {
            return ProbeReport.OfOptions(DriverName, directory, wrong);
        }
    }

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        _ = new DriverOptionValues(DriverName, [], options);
        if (!Directory.Exists(Path.Combine(home, LayerFiles.RemovingName)))
            Create(home);
        LayerFiles.FinishRemovals(home);
        return new AufsDriver(home);
    }

    /// <summary>Everything is tried once, when the store is made: opening it later costs nothing.</summary>
    private void Create(string home)
    {
        LayerFiles.CreateHome(home, AufsLayout.BranchesName, AufsLayout.MetaName);
        var report = Probe(home, []);
        if (report.Supported)
            return;
        LayerFiles.DiscardHome(home);
        throw DriverCatalog.Unsupported(report);
    }
}
