namespace LayerStore.Drivers.DeviceMapper;

/// <summary>
/// The creation that was begun last, written before the pool is told. Whoever takes the pool's lock next and finds no layer with that device knows that it was
/// interrupted, and deletes the device. Its number is also the highest that was given: numbers are not given twice.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Device">The number of its device.</param>
/// <param name="Settled">True where the interruption was undone.</param>
internal sealed record CreationRecord(string Layer, int Device, bool Settled = false);
