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
    public DriverFeatures Features => DriverFeatures.IndependentApply | DriverFeatures.SharesPageCache;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => new Overlay2Probe(directory).Run();

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        _ = new Overlay2Options(options);
        if (!Directory.Exists(Path.Combine(home, LayerFiles.RemovingName)))
            Create(home, options);
        LayerFiles.FinishRemovals(home);
        return new Overlay2Driver(home, TrustedAttributes.Available(home) ? OverlayFormat.Privileged : OverlayFormat.User);
    }

    /// <summary>Everything is tried once, when the store is made: opening it later costs nothing.</summary>
    private void Create(string home, DriverOptions options)
    {
        LayerFiles.CreateHome(home);
        var report = Probe(home, options);
        if (report.Supported)
            return;
        try
        {
            Directory.Delete(home, recursive: true);
        }
        catch (IOException)
        {
            // Not ours alone.
        }
        throw DriverCatalog.Unsupported(report);
    }
}
