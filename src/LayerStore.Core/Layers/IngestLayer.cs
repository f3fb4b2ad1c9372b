using LayerStore.Archives;
using LayerStore.Drivers;

namespace LayerStore.Layers;

/// <summary>One layer of an import: the store's own, or one that is being made.</summary>
internal sealed class IngestLayer
{
    private readonly IStorageDriver _driver;

    internal IngestLayer(IStorageDriver driver, LayerId id, Digest chainId, Digest diffId, bool alreadyExists, int depth)
    {
        _driver = driver;
        Id = id;
        ChainId = chainId;
        DiffId = diffId;
        AlreadyExists = alreadyExists;
        IsComplete = alreadyExists;
        Depth = depth;
    }

    /// <summary>The layer's name in the store.</summary>
    public LayerId Id { get; }

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

    /// <summary>The empty directory that the archive goes into; the caller disposes its handle.</summary>
    public ExtractionTarget OpenForApply() => _driver.OpenForApply(Id);
}
