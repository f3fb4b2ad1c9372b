using LayerStore.Archives;

namespace LayerStore.Registries;

/// <summary>How an image is pushed.</summary>
public sealed record PushOptions
{
    /// <summary>How layers are compressed that the registry does not have yet; null for the way in which the image came, and gzip where nothing says.</summary>
    public CompressionKind? Compression { get; init; }

    /// <summary>How many layers are worked on at once; 0 for four, or as many as there are processors where those are more.</summary>
    public int Parallelism { get; init; }
}
