namespace LayerStore.Maintenance;

/// <summary>Something that is not in use.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name as people know it; the short id where it has none.</param>
/// <param name="Bytes">Bytes that become free with it, when those before it in the list are gone.</param>
public sealed record UnusedItem(StorageKind Kind, string Id, string Name, long Bytes);
