namespace LayerStore;

/// <summary>What a store keeps, as far as space is counted and cleared by it.</summary>
public enum StorageKind
{
    /// <summary>Images with their layers.</summary>
    Image,

    /// <summary>Containers' writable layers.</summary>
    Container,

    /// <summary>Layers that were imported by themselves and that no image needs.</summary>
    Layer,

    /// <summary>Volumes: files that outlive containers.</summary>
    Volume,
}
