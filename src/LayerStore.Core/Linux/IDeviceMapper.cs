namespace LayerStore.Linux;

/// <summary>The kernel's device mapper, as far as thin pools need it. Devices are called by name.</summary>
internal interface IDeviceMapper
{
    /// <summary>The version of a kind of target (<c>thin-pool</c>), whose module is loaded where that can be; null where the kernel has none.</summary>
    string? TargetVersion(string type);

    /// <summary>The names of all devices.</summary>
    IReadOnlyList<string> Names();

    /// <summary>The device of that name; null where there is none.</summary>
    MappedDevice? Find(string name);

    /// <summary>Makes a device of one target that can be used at once; nothing is left of it where that fails.</summary>
    MappedDevice Create(string name, string uuid, MapperTable table, bool readOnly);

    /// <summary>Gives a device another table.</summary>
    void Reload(string name, MapperTable table, bool readOnly);

    /// <summary>Removes a device; one that is not there is no error.</summary>
    /// <param name="name">The device.</param>
    /// <param name="deferred">Whether the kernel is to remove a device in use when its last user has closed it.</param>
    MapperRemoval Remove(string name, bool deferred);

    /// <summary>Takes back a deferred removal; false where it is too late.</summary>
    bool CancelRemoval(string name);

    /// <summary>Sends a message to the device's target; gives the error number, 0 where it was obeyed.</summary>
    int Message(string name, string message);

    /// <summary>What the device's target says of its state; null where there is no such device.</summary>
    /// <param name="name">The device.</param>
    /// <param name="commit">Whether a thin pool writes its metadata to disk first.</param>
    string? Status(string name, bool commit = false);

    /// <summary>The parameters that the device's target was made with; null where there is no such device.</summary>
    string? Table(string name);
}

/// <summary>A device of one target.</summary>
/// <param name="Sectors">Its length in sectors of 512 bytes.</param>
/// <param name="Target">The target: <c>thin-pool</c>, <c>thin</c>.</param>
/// <param name="Parameters">As in dmsetup's tables.</param>
internal readonly record struct MapperTable(long Sectors, string Target, string Parameters);

/// <summary>A device that is there.</summary>
/// <param name="Major">Of its number.</param>
/// <param name="Minor">Of its number.</param>
/// <param name="OpenCount">How many have it open, mounts and other devices among them.</param>
/// <param name="RemovalPending">Whether it goes when the last of them closes it.</param>
/// <param name="ReadOnly">Whether it cannot be written.</param>
internal readonly record struct MappedDevice(uint Major, uint Minor, int OpenCount, bool RemovalPending, bool ReadOnly);

/// <summary>How a removal ended.</summary>
internal enum MapperRemoval
{
    /// <summary>The device is gone.</summary>
    Removed,

    /// <summary>It goes when its last user closes it.</summary>
    Deferred,

    /// <summary>It is in use and stays.</summary>
    Busy,
}
