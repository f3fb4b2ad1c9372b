namespace LayerStore.PS;

/// <summary>A cmdlet that works on images: it knows how users and pipelines name them.</summary>
public abstract class ContainerImageCommand : StoreCommand
{
    private protected const string NameSet = "Name";
    private protected const string ReferenceSet = "Reference";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>Calls <paramref name="action"/> for each image row that the bound parameters mean, one by one, with the name or id by which it is meant.</summary>
    private protected void ForEachImage(string[]? names, ContainerImage[]? inputs, Action<Store, ContainerImage, string> action) =>
        ForEachItem(StoreItemKinds.Image, inputs, null, names, action);

    /// <summary>Every row of <c>docker image ls</c>; none where there is no store.</summary>
    private protected IReadOnlyList<ContainerImage> AllImages(out Store? store) => AllItems(StoreItemKinds.Image, out store);

    /// <summary>The store at <paramref name="root"/>, where <paramref name="image"/> is looked for.</summary>
    private protected Store RequireStore(string root, string image) => RequireStore(StoreItemKinds.Image, root, image);

    /// <summary>The row that <paramref name="input"/> showed; by id where its name means another image by now.</summary>
    private protected static ContainerImage Current(Store store, ContainerImage input) => StoreItemKinds.Image.Renew(store, input);
}
