namespace LayerStore.PS;

/// <summary>A cmdlet that works on volumes: it knows how users and pipelines name them.</summary>
public abstract class VolumeCommand : StoreCommand
{
    private protected const string NameSet = "Name";
    private protected const string VolumeNameSet = "VolumeName";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Calls <paramref name="action"/> for each volume that the bound parameters mean, one by one.</summary>
    private protected void ForEachVolume(string[]? names, string[]? volumeNames, ContainerVolume[]? inputs, Action<Store, ContainerVolume> action) =>
        ForEachItem(StoreItemKinds.Volume, inputs, volumeNames, names, (store, volume, _) => action(store, volume));

    /// <summary>Every volume of the store, by name; none where there is no store.</summary>
    private protected IReadOnlyList<ContainerVolume> AllVolumes(out Store? store) => AllItems(StoreItemKinds.Volume, out store);
}
