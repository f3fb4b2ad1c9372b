using LayerStore.Metadata;

namespace LayerStore.Layers;

// How layers go that were imported by themselves.
public sealed partial class LayerCollection
{
    /// <summary>
    /// Removes a layer that was imported by itself and that no image needs, and with it those below that were there for its sake alone. Where somebody is just reading it, it goes when he has ended.
    /// </summary>
    /// <param name="id">As for <see cref="Get"/>.</param>
    /// <param name="force">True to remove the layers that stand on it as well.</param>
    /// <returns>What was removed, uppermost first.</returns>
    /// <exception cref="StoreException">
    /// As for <see cref="Get"/>; <see cref="ErrorIds.LayerInUse"/> with the images that need it, or the layers that stand on it.
    /// </exception>
    public IReadOnlyList<ContainerLayer> Remove(string id, bool force = false)
    {
        var (view, released) = _metadata.Database.Write(transaction =>
        {
            var all = LayerView.Of(_metadata, _root, transaction);
            var layer = FindOne(all, id);
            IReadOnlyList<ContainerLayer> above = [.. all.Above(layer)];
            RefuseNeeded(layer, force ? [] : above);
            return (all, ReleaseKept(transaction, [.. above, layer]));
        }, durable: true);
        _removal.Delete(released);
        return [.. released.SelectMany(layer => view.Find(layer.Id.Value))];
    }

    /// <summary>Removes a layer as <see cref="Remove"/> where nothing needs it; gives null where something does, or it is gone.</summary>
    internal IReadOnlyList<LayerRecord>? RemoveUnneeded(LayerId id)
    {
        var released = _metadata.Database.Write(transaction =>
        {
            var all = LayerView.Of(_metadata, _root, transaction);
            return all.Find(id.Value) is [{ Kept: true, RefCount: 0 } layer] ? ReleaseKept(transaction, [layer]) : null;
        }, durable: true);
        if (released is not null)
            _removal.Delete(released);
        return released;
    }

    /// <summary>Nobody wants these for themselves any more; gives what goes with that, uppermost first.</summary>
    private List<LayerRecord> ReleaseKept(MetadataTransaction transaction, IReadOnlyList<ContainerLayer> layers)
    {
        foreach (var layer in layers)
            LayerRecords.SetKept(transaction, LayerId.Parse(layer.Id), kept: false);
        return [.. layers.OrderByDescending(layer => layer.Depth).SelectMany(layer => _removal.MarkUnreferenced(transaction, LayerId.Parse(layer.Id))).OrderByDescending(layer => layer.Depth)];
    }

    private static void RefuseNeeded(ContainerLayer layer, IReadOnlyList<ContainerLayer> above)
    {
        if (layer.Images.Count > 0)
            throw new StoreException(ErrorIds.LayerInUse, StoreErrorKind.InUse, layer.Id,
                $"The layer {layer.Id[..12]} is needed by {(layer.Images.Count == 1 ? "the image" : $"{layer.Images.Count} images:")} {Some(layer.Images.Select(Printable.Escape))}.",
                "Remove the images first (Remove-ContainerImage); their layers go with them, those that were imported by themselves excepted.");
        if (above.Count > 0)
            throw new StoreException(ErrorIds.LayerInUse, StoreErrorKind.InUse, layer.Id,
                $"On the layer {layer.Id[..12]} {(above.Count == 1 ? "stands" : "stand")} {Some(above.Select(other => other.Id[..12]))}.",
                "Remove what stands on it first, or all of it with -Force.");

        static string Some(IEnumerable<string> names) => string.Join(", ", names.Take(10)) + (names.Skip(10).Any() ? ", …" : "");
    }
}
