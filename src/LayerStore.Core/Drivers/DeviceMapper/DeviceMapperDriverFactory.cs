using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>Probes and opens devicemapper.</summary>
public sealed class DeviceMapperDriverFactory : IStorageDriverFactory
{
    internal const string DriverName = "devicemapper";

    internal const DriverFeatures AllFeatures = DriverFeatures.Quota | DriverFeatures.ConstantTimeUsage | DriverFeatures.AppliesOnParent;

    private readonly IDeviceMapper _mapper;

    /// <summary>The driver on this kernel's device mapper.</summary>
    public DeviceMapperDriverFactory() : this(new Linux.DeviceMapper())
    {
    }

    /// <summary>The driver on another one.</summary>
    internal DeviceMapperDriverFactory(IDeviceMapper mapper) => _mapper = mapper;

    /// <inheritdoc/>
    public string Name => DriverName;

    /// <inheritdoc/>
    public DriverFeatures Features => AllFeatures;

    /// <inheritdoc/>
    public IReadOnlyList<DriverOption> Options => DeviceMapperOptions.Known;

    /// <inheritdoc/>
    public void CheckOptions(DriverOptions options) => _ = new DeviceMapperOptions(options);

    /// <inheritdoc/>
    public ProbeReport Probe(string directory, DriverOptions options) => ProbeReport.WithOptions(
        DriverName, directory, () => new DeviceMapperProbe(directory, new DeviceMapperOptions(options), _mapper).Run());

    /// <inheritdoc/>
    public IStorageDriver Open(string home, DriverOptions options)
    {
        var parsed = new DeviceMapperOptions(options);
        var layout = new DeviceMapperLayout(home);
        if (!Directory.Exists(layout.Removing))
            LayerFiles.CreateHome(home, DeviceMapperLayout.PoolName, DeviceMapperLayout.BaseName, DeviceMapperLayout.LayersName);
        var pool = new ThinPool(_mapper, layout, parsed, BackingOf(layout, parsed));
        var devices = new ThinDevices(_mapper, pool);
        new PoolSetup(layout, parsed, pool, devices).Run();
        new DeviceRemoval(layout, parsed, pool, devices, pool.Record).FinishAll();
        return new DeviceMapperDriver(layout, parsed, pool, devices);
    }

    private IPoolBacking BackingOf(DeviceMapperLayout layout, DeviceMapperOptions options) => options switch
    {
        { ThinPool: { } existing } => new ExistingPoolBacking(_mapper, existing),
        { DirectDevice: not null } => new LvmBacking(_mapper, options),
        _ => new LoopBacking(_mapper, layout, options),
    };
}
