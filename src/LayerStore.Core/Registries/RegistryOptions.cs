using LayerStore.Configuration;

namespace LayerStore.Registries;

/// <summary>How a registry is reached.</summary>
public sealed record RegistryOptions
{
    /// <summary>Who asks; null for what docker's and podman's files of credentials have for the registry, or nobody.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>
    /// True to accept certificates that nobody vouches for, and plain HTTP where a registry speaks no TLS. Without it plain HTTP is spoken on this machine's loopback only.
    /// </summary>
    public bool AllowInsecure { get; init; }

    /// <summary>A PEM file with certificates of authorities that are trusted besides the system's.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>
    /// Registries that hold the same images, each <c>host[:port][/prefix]</c>: a pull tries them in their order before the registry of the name.
    /// </summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>
    /// What the configuration says of single registries, mirrors among them. A certificate authority and mirrors that are given above count instead of theirs.
    /// </summary>
    public IReadOnlyList<RegistryConfiguration> Registries { get; init; } = [];

    /// <summary>How often one request is tried at most where trying again may help: 429, 5xx, connections that break or stall.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>How long to wait before the second attempt; each further wait is twice as long, half a minute at most. A registry's Retry-After is kept instead, a minute at most.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a connection may be silent before it counts as broken.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Files of credentials to look into, first match first; null for those of docker and podman.</summary>
    internal IReadOnlyList<string>? CredentialFiles { get; init; }

    /// <summary>Directories with one directory a registry (<c>HOST[:PORT]/*.crt</c>, <c>*.cert</c>, <c>*.key</c>); null for those of docker and podman.</summary>
    internal IReadOnlyList<string>? CertificateDirectories { get; init; }

    /// <summary>How long a credential helper may take.</summary>
    internal TimeSpan HelperTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The options of one registry: with what the configuration says of it.</summary>
    /// <param name="domain">The registry as references name it.</param>
    internal RegistryOptions For(string domain) => Registries.FirstOrDefault(known => known.Name.Equals(domain, StringComparison.OrdinalIgnoreCase)) is { } configured
        ? this with
        {
            AllowInsecure = AllowInsecure || configured.Insecure == true,
            CertificateAuthority = CertificateAuthority ?? configured.CertificateAuthority,
            Mirrors = Mirrors.Count > 0 ? Mirrors : configured.Mirrors ?? [],
        }
        : this;
}
