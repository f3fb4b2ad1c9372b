using LayerStore.Drivers.Trees;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Probes and opens overlay2.</summary>
public sealed class Overlay2DriverFactory : IStorageDriverFactory
{
    internal const string DriverName = "overlay2";

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options => Overlay2Options.Known;

    /// <inheritdoc/>
    public DriverFeatures Features => DriverFeatures.IndependentApply | DriverFeatures.SharesPageCache | DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options)
    {
        try
        {
            return new Overlay2Probe(directory, needsQuota: new Overlay2Options(options).Quota is not null).Run();
        }
        catch (StoreException wrong)
        {
            return ProbeReport.OfOptions(DriverName, directory, wrong);
        }
    }

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var read = new Overlay2Options(options);
        if (!Directory.Exists(Path.Combine(home, LayerFiles.RemovingName)))
            Create(home, options);
        LayerFiles.FinishRemovals(home);
        return new Overlay2Driver(home, TrustedAttributes.Available(home) ? OverlayFormat.Privileged : OverlayFormat.User, read.Quota);
    }

    /// <summary>Everything is tried once, when the store is made: opening it later costs nothing.</summary>
    private void Create(string home, DriverOptions options)
    {
        LayerFiles.CreateHome(home);
        var report = Probe(home, options);
        if (report.Supported)
            return;
        LayerFiles.DiscardHome(home);
        throw report.Failure is { Name: Overlay2QuotaProbe.CheckName } quota
            ? QuotaErrors.Unsupported(DriverName, Overlay2Options.SizeName, quota.Evidence)
            : DriverCatalog.Unsupported(report);
    }
}
