namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// Where things stand in the driver's directory: <c>pool.json</c>, the lock of the pool, the creation that was begun last, <c>pool/data</c> and <c>pool/metadata</c> where the
/// pool is kept in files, and a directory a layer in <c>layers</c>, which moves to <c>removing</c> before its device is deleted.
/// </summary>
/// <param name="Home">The driver's directory.</param>
internal readonly record struct DeviceMapperLayout(string Home)
{
    public const string LayersName = "layers", PoolName = "pool", BaseName = "base";

    public string Pool => Path.Combine(Home, "pool.json");

    public string Lock => Path.Combine(Home, "lock");

    /// <summary>The layer and the device number of the creation that was begun last.</summary>
    public string Creation => Path.Combine(Home, "creation.json");

    public string DataFile => Path.Combine(Home, PoolName, "data");

    public string MetadataFile => Path.Combine(Home, PoolName, "metadata");

    /// <summary>The directory of the base device, as a layer's.</summary>
    public string Base => Path.Combine(Home, BaseName);

    public string Layers => Path.Combine(Home, LayersName);

    public string Removing => Path.Combine(Home, LayerFiles.RemovingName);

    public string Layer(LayerId id) => Path.Combine(Layers, id.Value);

    public string Aside(LayerId id) => Path.Combine(Removing, id.Value);
}
