using LayerStore.Drivers;

namespace LayerStore.Tests.Support;

/// <summary>Opens drivers that users have, watched.</summary>
internal sealed class WatchedDriverFactory(IStorageDriverFactory inner, Action<string> watch) : IStorageDriverFactory
{
    public string Name => inner.Name;

    public IReadOnlyList<DriverOption> Options => inner.Options;

    public bool RequiresRoot => inner.RequiresRoot;

    public DriverFeatures Features => inner.Features;

    public ProbeReport Probe(string directory, DriverOptions options) => inner.Probe(directory, options);

    public IStorageDriver Open(string home, DriverOptions options) => new WatchedDriver(inner.Open(home, options), watch);
}
