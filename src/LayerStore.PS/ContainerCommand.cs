namespace LayerStore.PS;

/// <summary>A cmdlet that works on containers: it knows how users and pipelines name them.</summary>
public abstract class ContainerCommand : StoreCommand
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Calls <paramref name="action"/> for each container that the bound parameters mean, one by one.</summary>
    private protected void ForEachContainer(string[]? names, string[]? ids, Container[]? inputs, Action<Store, Container> action) =>
        ForEachItem(StoreItemKinds.Container, inputs, ids, names, (store, container, _) => action(store, container));

    /// <summary>Every container of the store, newest first; none where there is no store.</summary>
    private protected IReadOnlyList<Container> AllContainers(out Store? store) => AllItems(StoreItemKinds.Container, out store);
}
