namespace LayerStore.Archives;

/// <summary>How a stream is compressed, by its first bytes and never by its name.</summary>
public enum CompressionKind
{
    /// <summary>Not compressed.</summary>
    None,

    /// <summary>RFC 1952; several members in a row are one stream.</summary>
    Gzip,

    /// <summary>RFC 8878; several frames in a row, skippable ones included, are one stream.</summary>
    Zstd,
}
