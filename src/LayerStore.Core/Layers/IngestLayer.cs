namespace LayerStore.Layers;

/// <summary>One layer of an import: the store's own, or one that is being made.</summary>
internal sealed class IngestLayer
{
    internal IngestLayer(LayerId id, Digest chainId, Digest diffId, bool alreadyExists, int depth, LayerId? place = null)
    {
        Id = id;
        Place = place ?? id;
        ChainId = chainId;
        DiffId = diffId;
        AlreadyExists = alreadyExists;
        IsComplete = alreadyExists;
        Depth = depth;
    }

    /// <summary>The layer's name in the store.</summary>
    public LayerId Id { get; }

    /// <summary>The name by which the driver makes it: another one where it is laid anew for one that lost its files, so that nobody meets half of it.</summary>
    public LayerId Place { get; }

    /// <summary>True where the store knows it, and its files are gone.</summary>
    public bool IsLaidAnew => Place != Id;

    /// <summary>Over the DiffIDs of this layer and all below.</summary>
    public Digest ChainId { get; }

    /// <summary>What the archive's digest has to be.</summary>
    public Digest DiffId { get; }

    /// <summary>True where the store has it: nothing is to be extracted.</summary>
    public bool AlreadyExists { get; }

    /// <summary>True once it may be committed.</summary>
    internal bool IsComplete { get; set; }

    /// <summary>How many layers are below it; known once it is complete.</summary>
    internal int Depth { get; set; }
}
