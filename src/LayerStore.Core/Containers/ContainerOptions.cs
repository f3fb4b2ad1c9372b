namespace LayerStore.Containers;

/// <summary>What a new container shall be.</summary>
public sealed record ContainerOptions
{
    /// <summary>The image by name or id; null for a container on nothing.</summary>
    public string? Image { get; init; }

    /// <summary>The name; null for a generated one, as people expect (<c>adjective_surname</c>).</summary>
    public string? Name { get; init; }

    /// <summary>Bytes that the writable layer may take; null for the limit that the driver's own option gives, if any.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// What the container has at paths of its own, as <c>docker create -v</c>: <c>name:/path</c> a volume, made where there is none; <c>/directory:/path</c> a directory of this machine; <c>/path</c> a volume
    /// without a name; each with <c>:ro</c>, and volumes with <c>:nocopy</c>.
    /// </summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
