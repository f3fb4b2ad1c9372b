namespace LayerStore.Layers;

/// <summary>The read-only layers of a store.</summary>
public sealed class LayerCollection
{
    /// <summary>Every committed layer, parents before children.</summary>
    public IReadOnlyList<ContainerLayer> List() => throw new NotSupportedException();

    /// <summary>The layer with that id, unique prefix of an id, DiffID or chain id.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.LayerNotFound"/>, <see cref="ErrorIds.IdAmbiguous"/>.</exception>
    public ContainerLayer Get(string id) => throw new NotSupportedException();

    /// <summary>The layers of an image or a container's image, lowest first.</summary>
    public IReadOnlyList<ContainerLayer> Chain(string imageNameOrId) => throw new NotSupportedException();

    /// <summary>Layers on disk that no record knows, from a lost database or a foreign hand; they are reported, never used.</summary>
    public IReadOnlyList<string> Orphans() => throw new NotSupportedException();

    /// <summary>Removes one orphan.</summary>
    public void RemoveOrphan(string id) => throw new NotSupportedException();
}
