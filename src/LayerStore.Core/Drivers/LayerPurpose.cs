namespace LayerStore.Drivers;

/// <summary>What a new layer is for.</summary>
public enum LayerPurpose
{
    /// <summary>A layer of an image: an archive is extracted into it, then it is committed.</summary>
    Image,

    /// <summary>The writable layer of a container: it can be mounted at once.</summary>
    Container,
}
