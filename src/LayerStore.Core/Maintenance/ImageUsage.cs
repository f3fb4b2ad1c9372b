namespace LayerStore;

/// <summary>What one image takes, as a row of <c>docker system df -v</c>. Sizes are bytes by Docker's rules, times UTC.</summary>
public sealed record ImageUsage
{
    /// <summary><c>sha256:</c> and the digest of the configuration.</summary>
    public required string Id { get; init; }

    /// <summary>The repository of its first name; <c>&lt;none&gt;</c> without one.</summary>
    public required string Repository { get; init; }

    /// <summary>The tag of its first name; <c>&lt;none&gt;</c> without one.</summary>
    public required string Tag { get; init; }

    /// <summary>Its first name in the familiar form; the id without one.</summary>
    public required string Reference { get; init; }

    /// <summary>When it was built; null where the configuration does not say.</summary>
    public required DateTime? Created { get; init; }

    /// <summary>The sum of its layers.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes of the layers that other images need as well.</summary>
    public required long SharedSize { get; init; }

    /// <summary>Bytes of the layers that no other image needs.</summary>
    public required long UniqueSize { get; init; }

    /// <summary>How many containers are made of it.</summary>
    public required int Containers { get; init; }

    /// <summary>The store that it lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The name, so that it reads well in a string.</summary>
    public override string ToString() => Reference;
}
