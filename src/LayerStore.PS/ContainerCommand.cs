using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>A cmdlet that works on containers: it knows how users and pipelines name them.</summary>
public abstract class ContainerCommand : StoreCommand
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Calls <paramref name="action"/> for each container that the bound parameters mean, one by one.</summary>
    private protected void ForEachContainer(string[]? names, string[]? ids, Container[]? inputs, Action<Store, Container> action)
    {
        ForEach(inputs, input =>
        {
            var store = RequireStore(ResolveRoot(input.Root), input.Id);
            action(store, store.Containers.Get(input.Id));
        });
        ForEach(ids, id =>
        {
            var store = RequireStore(ResolveRoot(), id);
            action(store, store.Containers.Get(id));
        });
        ForEach(names, name =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                ForEachMatch(name, action);
            else
            {
                var store = RequireStore(ResolveRoot(), name);
                action(store, store.Containers.Get(name));
            }
        });
    }

    /// <summary>Every container of the store, newest first; none where there is no store.</summary>
    private protected IReadOnlyList<Container> AllContainers(out Store? store)
    {
        store = FindStore(ResolveRoot());
        return store?.Containers.List() ?? [];
    }

    private void ForEachMatch(string pattern, Action<Store, Container> action)
    {
        var filter = new NameFilter(pattern);
        var all = AllContainers(out var store);
        ForEach(all.Where(container => filter.Matches(container.Name)), container => action(store!, container));
    }

    private Store RequireStore(string root, string container) =>
        FindStore(root) ?? throw new StoreException(
            ErrorIds.ContainerNotFound, StoreErrorKind.NotFound, container,
            $"There is no container '{Printable.Escape(container)}': '{Printable.Escape(root)}' holds no store.",
            "Give the root of the right store with -Root, or make a container with New-Container.");
}
