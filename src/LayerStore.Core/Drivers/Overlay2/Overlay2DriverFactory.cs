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
    public DriverFeatures Features => DriverFeatures.IndependentApply | DriverFeatures.SharesPageCache | DriverFeatures.TakesOver | DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => ProbeReport.WithOptions(
        DriverName, directory, () => new Overlay2Probe(directory, needsQuota: new Overlay2Options(options).Quota is not null).Run());

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var read = new Overlay2Options(options);
        LayerFiles.EnsureHome(home, this, options, Explain);
        LayerFiles.FinishRemovals(home);
        return new Overlay2Driver(home, TrustedAttributes.Available(home) ? OverlayFormat.Privileged : OverlayFormat.User, read.Quota);
    }

    private static StoreException? Explain(ProbeCheck failure) =>
        failure.Name == Overlay2QuotaProbe.CheckName ? QuotaErrors.Unsupported(DriverName, Overlay2Options.SizeName, failure.Evidence) : null;
}
