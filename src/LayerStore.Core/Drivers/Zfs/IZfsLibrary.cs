namespace LayerStore.Drivers.Zfs;

/// <summary>
/// What can be had of ZFS without starting a program. Nothing here says why it did not succeed: whatever it does not do is done, or explained, by zfs(8) and zpool(8).
/// </summary>
internal interface IZfsLibrary
{
    /// <summary>Makes a file system with properties as zfs(8) takes them: <c>atime=off</c>.</summary>
    /// <returns>False where it was not made.</returns>
    bool Create(string dataset, IEnumerable<string> properties);

    /// <summary>Makes a file system that begins as a snapshot.</summary>
    /// <returns>False where it was not made.</returns>
    bool Clone(string snapshot, string dataset, IEnumerable<string> properties);

    /// <summary>Makes a snapshot.</summary>
    /// <returns>False where it was not made.</returns>
    bool Snapshot(string snapshot);

    /// <summary>Destroys a file system and one snapshot of it, where it has that one.</summary>
    /// <returns>False where the file system is still there, or was not.</returns>
    bool Destroy(string dataset, string snapshot);

    /// <summary>Writes out a pool.</summary>
    /// <returns>False where that could not be done.</returns>
    bool Sync(string pool);

    /// <summary>Those of the datasets and snapshots that surely exist.</summary>
    /// <returns>Null where that could not be told.</returns>
    IReadOnlySet<string>? FindExisting(IEnumerable<string> names);

    /// <summary>What the pool's books say of file systems; those that do not exist are left out.</summary>
    /// <returns>Null where that could not be told.</returns>
    IReadOnlyDictionary<string, ZfsUsage>? UsageOf(IEnumerable<string> datasets);
}
