using LayerStore.Drivers;

namespace LayerStore.Metadata;

/// <summary>A layer as the database knows it.</summary>
internal sealed record LayerRecord
{
    public required LayerId Id { get; init; }

    public required LayerPurpose Purpose { get; init; }

    public required LayerState State { get; init; }

    /// <summary>The layer below, whether or not this one hides it.</summary>
    public LayerId? Parent { get; init; }

    /// <summary>Empty for a container's layer.</summary>
    public Digest ChainId { get; init; }

    /// <summary>Empty for a container's layer.</summary>
    public Digest DiffId { get; init; }

    public Usage Usage { get; init; }

    /// <summary>Bytes of the uncompressed archive.</summary>
    public long ArchiveBytes { get; init; }

    /// <summary>How many layers are below it.</summary>
    public int Depth { get; init; }

    /// <summary>True where it hides everything below.</summary>
    public bool OpaqueRoot { get; init; }

    public DateTime Created { get; init; }

    /// <summary>True where it stays although no image needs it: it was brought in by itself.</summary>
    public bool IsKept { get; init; }

    /// <summary>Who is making or removing it.</summary>
    public long? Owner { get; init; }
}
