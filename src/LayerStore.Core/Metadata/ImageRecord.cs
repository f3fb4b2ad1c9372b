namespace LayerStore.Metadata;

/// <summary>An image as the database knows it.</summary>
internal sealed record ImageRecord
{
    /// <summary><c>sha256:</c> and the digest of <see cref="Config"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The configuration, byte for byte.</summary>
    public required byte[] Config { get; init; }

    /// <summary>The manifest that it came with, byte for byte; null where it came with none.</summary>
    public byte[]? Manifest { get; init; }

    public string? ManifestMediaType { get; init; }

    /// <summary><c>sha256:</c> and the digest of <see cref="Manifest"/>.</summary>
    public string? ManifestDigest { get; init; }

    /// <summary>When it was built, in UTC; null where the configuration does not say.</summary>
    public DateTime? Created { get; init; }

    /// <summary>The sum of its layers' sizes, in bytes.</summary>
    public required long Size { get; init; }

    public required string OperatingSystem { get; init; }

    /// <summary>With its variant where there is one.</summary>
    public required string Architecture { get; init; }

    /// <summary>The uppermost layer; null for an image without layers.</summary>
    public LayerId? TopLayer { get; init; }

    public required int LayerCount { get; init; }

    /// <summary>When it came into the store, in UTC.</summary>
    public required DateTime Imported { get; init; }
}
