namespace LayerStore;

/// <summary>What a store is mainly used for.</summary>
public enum StorageWorkload
{
    /// <summary>A bit of everything.</summary>
    Balanced,

    /// <summary>Containers read, write and delete many small files.</summary>
    ManySmallFiles,

    /// <summary>Containers rewrite parts of big files of their image: databases, disk images.</summary>
    BigFiles,

    /// <summary>Many containers of the same images at once.</summary>
    ManyContainers,

    /// <summary>Images are made: many layers, containers that live for a moment.</summary>
    Build,

    /// <summary>Data must survive bad disks and power cuts.</summary>
    Durability,

    /// <summary>There is little memory.</summary>
    MemoryPoor,

    /// <summary>Nobody is root.</summary>
    Rootless,
}
