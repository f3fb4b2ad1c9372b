namespace LayerStore.Drivers.Zfs;

/// <summary>What a pool's books say of a layer's dataset, in bytes, after compression and with the pool's redundancy.</summary>
/// <param name="Used"><c>used</c>: what belongs to it alone and is free when it is destroyed; snapshots that somebody made of it are in it.</param>
/// <param name="Written"><c>written</c>: what was written since its last snapshot, which for a clone without one is its origin.</param>
internal readonly record struct ZfsUsage(long Used, long Written)
{
    /// <summary>
    /// True where <see cref="Written"/> tells of all that was written since the layer was made. After somebody's snapshot it begins at nothing again, as a new clone's may, and what was written before
    /// is in <see cref="Used"/> alone.
    /// </summary>
    public bool IsSinceOrigin => Used == Written;
}
