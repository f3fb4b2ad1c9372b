using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>A cmdlet that works on images: it knows how users and pipelines name them.</summary>
public abstract class ContainerImageCommand : StoreCommand
{
    private protected const string NameSet = "Name";
    private protected const string ReferenceSet = "Reference";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>
    /// Calls <paramref name="action"/> for each image row that the bound parameters mean, one by one; with the name or id by
    /// which the user means it, since a removal by name is not one by id.
    /// </summary>
    private protected void ForEachImage(string[]? names, ContainerImage[]? inputs, Action<Store, ContainerImage, string> action)
    {
        ForEach(inputs, input =>
        {
            var store = RequireStore(ResolveRoot(input.Root), input.Reference);
            var image = Current(store, input);
            action(store, image, image.Reference);
        });
        ForEach(names, name =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var filter = new NameFilter(name);
                var all = AllImages(out var any);
                ForEach(all.Where(filter.Matches), image => action(any!, image, image.Reference));
            }
            else
            {
                var store = RequireStore(ResolveRoot(), name);
                action(store, store.Images.Get(name), name);
            }
        });
    }

    /// <summary>Every row of <c>docker image ls</c>; none where there is no store.</summary>
    private protected IReadOnlyList<ContainerImage> AllImages(out Store? store)
    {
        store = FindStore(ResolveRoot());
        return store?.Images.List() ?? [];
    }

    /// <summary>The store at <paramref name="root"/>, where <paramref name="image"/> is looked for.</summary>
    private protected Store RequireStore(string root, string image) =>
        FindStore(root) ?? throw new StoreException(
            ErrorIds.ImageNotFound, StoreErrorKind.NotFound, image,
            $"There is no image '{Printable.Escape(image)}': '{Printable.Escape(root)}' holds no store.",
            "Give the root of the right store with -Root, or import the image with Import-ContainerImage.");

    /// <summary>The row that <paramref name="input"/> showed; by id where its name means another image by now.</summary>
    private protected static ContainerImage Current(Store store, ContainerImage input)
    {
        try
        {
            var image = store.Images.Get(input.Reference);
            if (image.Id == input.Id)
                return image;
        }
        catch (StoreException exception) when (exception.ErrorId == ErrorIds.ImageNotFound)
        {
            // The name was taken away; the image may still be there.
        }
        return store.Images.Get(input.Id);
    }
}
