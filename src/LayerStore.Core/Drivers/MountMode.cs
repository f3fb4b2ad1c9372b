namespace LayerStore.Drivers;

/// <summary>How a layer is to be mounted.</summary>
public enum MountMode
{
    /// <summary>Changes go into the layer.</summary>
    ReadWrite,

    /// <summary>Every write fails with EROFS.</summary>
    ReadOnly,
}
