using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>A cmdlet that works on volumes: it knows how users and pipelines name them.</summary>
public abstract class VolumeCommand : StoreCommand
{
    private protected const string NameSet = "Name";
    private protected const string VolumeNameSet = "VolumeName";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Calls <paramref name="action"/> for each volume that the bound parameters mean, one by one.</summary>
    private protected void ForEachVolume(string[]? names, string[]? volumeNames, ContainerVolume[]? inputs, Action<Store, ContainerVolume> action)
    {
        ForEach(inputs, input => One(ResolveRoot(input.Root), input.Name));
        ForEach(volumeNames, name => One(ResolveRoot(), name));
        ForEach(names, name =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                ForEachMatch(name, action);
            else
                One(ResolveRoot(), name);
        });

        void One(string root, string name)
        {
            var store = RequireStore(root, name);
            action(store, store.Volumes.Get(name));
        }
    }

    /// <summary>Every volume of the store, by name; none where there is no store.</summary>
    private protected IReadOnlyList<ContainerVolume> AllVolumes(out Store? store)
    {
        store = FindStore(ResolveRoot());
        return store?.Volumes.List() ?? [];
    }

    private void ForEachMatch(string pattern, Action<Store, ContainerVolume> action)
    {
        var filter = new NameFilter(pattern);
        var all = AllVolumes(out var store);
        ForEach(all.Where(volume => filter.Matches(volume.Name)), volume => action(store!, volume));
    }

    private Store RequireStore(string root, string volume) =>
        FindStore(root) ?? throw new StoreException(
            ErrorIds.VolumeNotFound, StoreErrorKind.NotFound, volume,
            $"There is no volume '{Printable.Escape(volume)}': '{Printable.Escape(root)}' holds no store.",
            "Give the root of the right store with -Root, or make a volume with New-ContainerVolume.");
}
