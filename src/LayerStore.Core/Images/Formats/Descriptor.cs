namespace LayerStore.Images.Formats;

/// <summary>A reference to a blob (OCI image specification, descriptor.md). Its <c>urls</c> and <c>data</c> are never looked at.</summary>
internal sealed record Descriptor
{
    /// <summary>What the blob is.</summary>
    public required string MediaType { get; init; }

    /// <summary>The blob's digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The blob's length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>What it runs on; null where the descriptor does not say.</summary>
    public Platform? Platform { get; init; }

    /// <summary>The annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>True for what only describes another image: BuildKit's attestations.</summary>
    public bool IsAttestation =>
        Platform is { IsUnknown: true } || Annotations.GetValueOrDefault("vnd.docker.reference.type") == "attestation-manifest";

    /// <summary>Reads a descriptor.</summary>
    /// <exception cref="StoreException">A part is missing or wrong; <see cref="ErrorIds.DigestInvalid"/> for a digest that is none.</exception>
    public static Descriptor Read(JsonPart json) => new()
    {
        MediaType = json.Text("mediaType") ?? "",
        Digest = Digest.Parse(json.RequiredText("digest")),
        Size = json.RequiredSize("size"),
        Platform = json.Object("platform") is { } platform
            ? Platform.Create(platform.Text("os") ?? "", platform.Text("architecture") ?? "", platform.Text("variant"))
            : null,
        Annotations = json.TextsByName("annotations"),
    };
}
