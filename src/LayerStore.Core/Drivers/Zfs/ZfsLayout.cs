namespace LayerStore.Drivers.Zfs;

/// <summary>
/// Where things stand beside the datasets: <c>HOME/layers/ID</c> holds what belongs to a layer and not into the container, its identity file for one. A layer is in the store as long as this
/// directory is there; <c>HOME/removing/ID</c> instead says that its dataset is to be destroyed.
/// </summary>
/// <param name="Home">The driver's directory; on any file system.</param>
internal readonly record struct ZfsLayout(string Home)
{
    public const string LayersName = "layers";

    public string Layers => Path.Combine(Home, LayersName);

    public string Layer(LayerId id) => Path.Combine(Layers, id.Value);

    public string RemovingAll => Path.Combine(Home, LayerFiles.RemovingName);

    public string Removing(LayerId id) => Path.Combine(RemovingAll, id.Value);

    /// <summary>What a container's dataset took when it was new; see <see cref="ZfsBaseline"/>.</summary>
    public string Baseline(LayerId id) => Path.Combine(Layer(id), "baseline");
}
