namespace LayerStore.Drivers.Zfs;

/// <summary>What became of a dataset that was to be destroyed.</summary>
internal enum DestroyOutcome
{
    /// <summary>It is not there, or not any more.</summary>
    Gone,

    /// <summary>Other layers are clones of it; it can go after them.</summary>
    Cloned,

    /// <summary>Somebody has it mounted, in another mount namespace perhaps, or made a snapshot that is held.</summary>
    Busy,
}
