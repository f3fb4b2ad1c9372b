namespace LayerStore.Drivers.DeviceMapper;

/// <summary>A device of the pool that can be activated.</summary>
/// <param name="Name">Its name where it is active.</param>
/// <param name="Directory">The directory of its layer, with its lock and its marks.</param>
/// <param name="Number">Its number in the pool.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ReadOnly">True where it is never written any more.</param>
internal sealed record ThinDevice(string Name, string Directory, int Number, long Size, bool ReadOnly)
{
    /// <summary>Locked by whoever activates, mounts or deactivates the device.</summary>
    public string Lock => Path.Combine(Directory, "lock");

    /// <summary>There while the store has it attached.</summary>
    public string Attached => Path.Combine(Directory, "attached");

    /// <summary>Durably there before the device is written for the first time.</summary>
    public string Touched => Path.Combine(Directory, "touched");
}
