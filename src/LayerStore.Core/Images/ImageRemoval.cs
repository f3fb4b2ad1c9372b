using LayerStore.Layers;
using LayerStore.Metadata;

namespace LayerStore.Images;

/// <summary>Takes names and images away, as <c>docker rmi</c>.</summary>
internal sealed class ImageRemoval(StoreMetadata metadata, LayerCollection layers, ImageLookup lookup)
{
    /// <summary>As <see cref="ImageCollection.Remove"/> says.</summary>
    public IReadOnlyList<RemovedItem> Remove(string nameOrId, bool force)
    {
        var (removed, released) = metadata.Database.Write(transaction =>
        {
            var (image, name) = lookup.Find(nameOrId, transaction);
            var names = metadata.Images.NamesOf(image.Id, transaction);
            return name is not null && IsNeededByOthers(name, names)
                ? ([Untag(transaction, name)], [])
                : Delete(transaction, image, name, names, nameOrId, force);
        }, durable: true);
        layers.DeleteRemoved(released);
        return removed;
    }

    /// <summary>Removes an image with all its names where no container uses it; gives the bytes that became free, null where it stays.</summary>
    /// <param name="id">The full id.</param>
    /// <param name="named">True to remove it although it has names.</param>
    public long? RemoveUnused(string id, bool named)
    {
        var released = metadata.Database.Write(transaction =>
        {
            if (metadata.Images.Get(id, transaction) is not { } image || metadata.Images.ContainersOf(id, transaction).Count > 0)
                return null;
            var names = metadata.Images.NamesOf(id, transaction);
            return names.Count == 0 || named ? Delete(transaction, image, name: null, names, id, force: true).Released : null;
        }, durable: true);
        if (released is null)
            return null;
        layers.DeleteRemoved(released);
        return released.Sum(layer => layer.Usage.Bytes);
    }

    private (IReadOnlyList<RemovedItem> Removed, IReadOnlyList<LayerRecord> Released) Delete(
        MetadataTransaction transaction, ImageRecord image, string? name, IReadOnlyList<string> names, string asked, bool force)
    {
        var shown = ImageRow.Shown(names);
        if (name is null && shown.Count > 1 && !force)
            throw new StoreException(
                ErrorIds.ReferenceInUse, StoreErrorKind.InUse, asked,
                $"The image '{Printable.Escape(asked)}' has several names: {string.Join(", ", shown.Select(other => other.Familiar))}.",
                "Remove the names one by one, or force the removal of the image with all of them.");
        var users = metadata.Images.ContainersOf(image.Id, transaction);
        if (users.Count > 0)
            throw new StoreException(
                ErrorIds.ImageInUse, StoreErrorKind.InUse, asked,
                $"The image '{Printable.Escape(asked)}' is used by {(users.Count == 1 ? "the container" : $"{users.Count} containers:")} "
                + $"{string.Join(", ", users.Take(20))}{(users.Count > 20 ? ", …" : "")}.",
                "Remove the containers first (Remove-Container).");

        var removed = shown.Select(other => new RemovedItem("Untagged", "Reference", other.Familiar, 0)).ToList();
        ImageRecords.Delete(transaction, image.Id);
        removed.Add(new RemovedItem("Deleted", "Image", image.Id, 0));
        var released = image.TopLayer is { } top ? layers.ReleaseUnreferenced(transaction, top) : [];
        removed.AddRange(released.Select(layer => new RemovedItem("Deleted", "Layer", layer.Id.Value, layer.Usage.Bytes)));
        return (removed, released);
    }

    private static RemovedItem Untag(MetadataTransaction transaction, string name)
    {
        ImageRecords.RemoveName(transaction, name);
        return new RemovedItem("Untagged", "Reference", ImageReference.Parse(name).Familiar, 0);
    }

    /// <summary>True where the image has a name left when this one is gone; a digest in the same repository does not count, it only came with the tag.</summary>
    private static bool IsNeededByOthers(string name, IReadOnlyList<string> names)
    {
        var repository = ImageReference.Parse(name).Name;
        return names.Any(other => other != name && ImageReference.Parse(other) is var reference && (reference.Tag is not null || reference.Name != repository));
    }
}
