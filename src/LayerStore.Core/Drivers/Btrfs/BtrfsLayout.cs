namespace LayerStore.Drivers.Btrfs;

/// <summary>
/// Where things stand: <c>HOME/subvolumes/ID</c> is a subvolume whose root directory is the layer's (Docker's own place for it); what belongs to the layer but not into the container, its
/// identity file, is in <c>HOME/layers/ID</c>.
/// </summary>
/// <param name="Home">The driver's directory.</param>
internal readonly record struct BtrfsLayout(string Home)
{
    public const string SubvolumesName = "subvolumes", LayersName = "layers";

    public string Subvolumes => Path.Combine(Home, SubvolumesName);

    public string Subvolume(LayerId id) => Path.Combine(Subvolumes, id.Value);

    public string Meta(LayerId id) => Path.Combine(Home, LayersName, id.Value);

    /// <summary>Where subvolumes wait for their end, and quota groups for that of theirs.</summary>
    public string Removing => Path.Combine(Home, LayerFiles.RemovingName);
}
