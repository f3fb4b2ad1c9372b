namespace LayerStore.Drivers;

/// <summary>What a driver's own bookkeeping says of a layer, without a look at its files.</summary>
/// <param name="AllocatedBytes">Bytes that are allocated to this layer alone; null where the driver keeps no such number.</param>
/// <param name="AllocatedInodes">The files and directories that are this layer's alone, what the driver keeps beside them included; null where the driver keeps no such number.</param>
/// <param name="Unchanged">True where nothing was written since the layer was made, so that it takes nothing and differs in nothing; false where that is not known.</param>
public readonly record struct LayerAccount(long? AllocatedBytes, long? AllocatedInodes = null, bool Unchanged = false);
