namespace LayerStore;

/// <summary>An image under one of its names, as a row of <c>docker image ls</c>. Times are UTC, sizes bytes.</summary>
public sealed record ContainerImage
{
    /// <summary><c>sha256:</c> and the digest of the configuration, as Docker identifies images.</summary>
    public required string Id { get; init; }

    /// <summary>The repository in its familiar form (<c>alpine</c>, <c>quay.io/a/b</c>); <c>&lt;none&gt;</c> where the image has no name.</summary>
    public required string Repository { get; init; }

    /// <summary>The tag; <c>&lt;none&gt;</c> where this name has none.</summary>
    public required string Tag { get; init; }

    /// <summary>This row's name in its familiar form (<c>alpine:3.20</c>); the id where the image has no name.</summary>
    public required string Reference { get; init; }

    /// <summary>All names of the image, familiar forms, sorted.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>The digest of the manifest that it came with (<c>sha256:…</c>); null where it came with none.</summary>
    public string? Digest { get; init; }

    /// <summary>When the image was built, in UTC; null where the configuration does not say.</summary>
    public required DateTime? Created { get; init; }

    /// <summary>The sum of the layers' sizes, in bytes (Docker's SIZE).</summary>
    public required long Size { get; init; }

    /// <summary>How many layers it has.</summary>
    public required int LayerCount { get; init; }

    /// <summary>The ids of its layers in this store, lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>The operating system that the configuration names.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The architecture that the configuration names, with its variant where there is one.</summary>
    public required string Architecture { get; init; }

    /// <summary>The labels of the configuration.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The store that it lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The name, so that an image in a string reads well.</summary>
    public override string ToString() => Reference;
}
