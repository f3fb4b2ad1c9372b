using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>Probes and opens zfs.</summary>
public sealed class ZfsDriverFactory : IStorageDriverFactory
{
    internal const string DriverName = "zfs";

    private readonly ZfsSystem _system;

    /// <summary>Makes the factory.</summary>
    public ZfsDriverFactory() : this(ZfsSystem.Machine)
    {
    }

    /// <summary>As the other one, on such a machine.</summary>
    internal ZfsDriverFactory(ZfsSystem system) => _system = system;

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options => ZfsOptions.Known;

    // The cache (ARC) holds a block once, however many clones have it; but what is mapped into memory has pages of its own in each.
    internal const DriverFeatures DriverFeatures = Drivers.DriverFeatures.AppliesOnParent | Drivers.DriverFeatures.Quota | Drivers.DriverFeatures.ConstantTimeUsage;

    /// <inheritdoc/>
    public DriverFeatures Features => DriverFeatures;

    /// <inheritdoc/>
    public void CheckOptions(DriverOptions options) => _ = new ZfsOptions(options);

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => ProbeReport.WithOptions(
        DriverName, directory, () => new ZfsProbe(_system, directory, new ZfsOptions(options).FileSystem).Run());

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var values = new ZfsOptions(options);
        LayerFiles.EnsureHome(home, this, options, null, ZfsLayout.LayersName);
        var parent = values.FileSystem ?? DatasetOf(home) ?? throw NotOnZfs(home);
        return new ZfsDriver(home, new ZfsDatasets(_system, parent), values.Size);
    }

    /// <summary>The dataset that a directory stands on; null where it does not stand on ZFS.</summary>
    internal static string? DatasetOf(string directory)
    {
        using var handle = DirectoryHandle.Open(directory);
        return MountTable.Of(handle) is (DriverName, var dataset) ? dataset : null;
    }

    private static StoreException NotOnZfs(string home) => new(
        ErrorIds.DriverUnsupported, StoreErrorKind.NotSupported, home,
        $"'{Printable.Escape(home)}' does not stand on ZFS any more, so that nothing says which dataset the layers are in.",
        "Mount the dataset that it was on ('zfs mount -a'), then run the command again.");
}
