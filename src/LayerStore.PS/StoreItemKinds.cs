namespace LayerStore.PS;

/// <summary>What stores hold.</summary>
internal static class StoreItemKinds
{
    public static StoreItemKind<Container> Container { get; } = new()
    {
        Noun = "container",
        NotFound = ErrorIds.ContainerNotFound,
        Making = "make a container with New-Container",
        List = store => store.Containers.List(),
        Get = (store, name) => store.Containers.Get(name),
        Renew = (store, container) => store.Containers.Get(container.Id),
        Matches = (filter, container) => filter.Matches(container.Name),
        NameOf = container => container.Id,
        RootOf = container => container.Root,
    };

    public static StoreItemKind<ContainerVolume> Volume { get; } = new()
    {
        Noun = "volume",
        NotFound = ErrorIds.VolumeNotFound,
        Making = "make a volume with New-ContainerVolume",
        List = store => store.Volumes.List(),
        Get = (store, name) => store.Volumes.Get(name),
        Renew = (store, volume) => store.Volumes.Get(volume.Name),
        Matches = (filter, volume) => filter.Matches(volume.Name),
        NameOf = volume => volume.Name,
        RootOf = volume => volume.Root,
    };

    /// <summary>Images: the rows of <c>docker image ls</c>.</summary>
    public static StoreItemKind<ContainerImage> Image { get; } = new()
    {
        Noun = "image",
        NotFound = ErrorIds.ImageNotFound,
        Making = "import the image with Import-ContainerImage",
        List = store => store.Images.List(),
        Get = (store, name) => store.Images.Get(name),
        Renew = RenewImage,
        Matches = (filter, image) => filter.Matches(image),
        NameOf = image => image.Reference,
        RootOf = image => image.Root,
    };

    public static StoreItemKind<ContainerLayer> Layer { get; } = new()
    {
        Noun = "layer",
        NotFound = ErrorIds.LayerNotFound,
        Making = "import the layer with Import-ContainerLayer",
        List = store => store.Layers.List(),
        Get = (store, id) => store.Layers.Get(id),
        Renew = (store, layer) => store.Layers.Get(layer.Id),
        Matches = (filter, layer) => filter.Matches(layer.Id),
        NameOf = layer => layer.Id,
        RootOf = layer => layer.Root,
    };

    /// <summary>The row that <paramref name="shown"/> was; by id where its name means another image by now.</summary>
    private static ContainerImage RenewImage(Store store, ContainerImage shown)
    {
        try
        {
            var image = store.Images.Get(shown.Reference);
            if (image.Id == shown.Id)
                return image;
        }
        catch (StoreException exception) when (exception.ErrorId == ErrorIds.ImageNotFound)
        {
            // The name was taken away; the image may still be there.
        }
        return store.Images.Get(shown.Id);
    }
}
