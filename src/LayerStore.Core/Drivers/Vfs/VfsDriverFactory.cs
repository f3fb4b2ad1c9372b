namespace LayerStore.Drivers.Vfs;

/// <summary>Probes and opens vfs.</summary>
public sealed class VfsDriverFactory : IStorageDriverFactory
{
    internal const string DriverName = "vfs";

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options => VfsOptions.Known;

    /// <inheritdoc/>
    public bool RequiresRoot => false;

    /// <inheritdoc/>
    public DriverFeatures Features => DriverFeatures.MountFree;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => new VfsProbe(directory).Run();

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        _ = new VfsOptions(options);
        if (!Directory.Exists(Path.Combine(home, LayerFiles.RemovingName)))
            LayerFiles.CreateHome(home, VfsLayout.TreesName, VfsLayout.MetaName);
        LayerFiles.FinishRemovals(home);
        return new VfsDriver(home);
    }
}
