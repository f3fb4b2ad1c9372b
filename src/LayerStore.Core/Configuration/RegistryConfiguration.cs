namespace LayerStore.Configuration;

/// <summary>How one registry is reached.</summary>
public sealed record RegistryConfiguration
{
    /// <summary>The registry as references name it: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Addresses to ask before the registry itself, in order; null where nothing is said.</summary>
    public IReadOnlyList<string>? Mirrors { get; init; }

    /// <summary>True to speak plain HTTP, or to a server whose certificate nobody vouches for; null where nothing is said, which means false.</summary>
    public bool? Insecure { get; init; }

    /// <summary>A PEM file with the certificate authorities that are trusted for it, besides the system's; null for none.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>This one with one of its settings.</summary>
    internal RegistryConfiguration With(string field, object value) => field switch
    {
        "mirrors" => this with { Mirrors = (IReadOnlyList<string>)value },
        "insecure" => this with { Insecure = (bool)value },
        _ => this with { CertificateAuthority = (string)value },
    };
}
