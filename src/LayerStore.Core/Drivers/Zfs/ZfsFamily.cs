namespace LayerStore.Drivers.Zfs;

/// <summary>What a layer's dataset is a clone of, and what are clones of it.</summary>
internal sealed class ZfsFamily
{
    /// <summary>The layer that it began as; null where it began empty.</summary>
    public LayerId? Origin { get; set; }

    /// <summary>The layers that began as it; they must go first. One that is no layer of ours is among them without its id.</summary>
    public HashSet<LayerId> Clones { get; } = [];
}
