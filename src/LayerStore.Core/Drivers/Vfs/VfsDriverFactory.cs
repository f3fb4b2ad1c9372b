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
    public DriverFeatures Features => DriverFeatures.MountFree | DriverFeatures.Quota;

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => ProbeReport.WithOptions(
        DriverName, directory, () => new VfsProbe(directory, needsQuota: new VfsOptions(options).Quota is not null).Run());

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var read = new VfsOptions(options);
        if (!Directory.Exists(Path.Combine(home, LayerFiles.RemovingName)))
            Create(home, read);
        LayerFiles.FinishRemovals(home);
        return new VfsDriver(home, read.Quota);
    }

    private static void Create(string home, VfsOptions options)
    {
        LayerFiles.CreateHome(home, VfsLayout.TreesName, VfsLayout.MetaName);
        if (options.Quota is null || LayerProjects.TryOpen(DriverName, home, out var missing) is not null)
            return;
        LayerFiles.DiscardHome(home);
        throw QuotaErrors.Unsupported(DriverName, VfsOptions.SizeName, missing);
    }
}
