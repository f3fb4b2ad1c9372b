using System.Net;

namespace LayerStore.Registries;

/// <summary>The machine that answers for a registry's name.</summary>
/// <param name="Domain">The registry as references and files of credentials name it: <c>docker.io</c>, <c>localhost:5000</c>.</param>
/// <param name="Authority">Host and port to connect to.</param>
internal sealed record RegistryHost(string Domain, string Authority)
{
    // Docker Hub's name is a web site; the registry is another machine.
    private const string DockerHubHost = "registry-1.docker.io";

    /// <summary>The host without its port.</summary>
    public string Name => new Uri("https://" + Authority).Host;

    /// <summary>True for this machine's own addresses, where nobody listens in between.</summary>
    public bool IsLoopback => IsLoopbackName(new Uri("https://" + Authority));

    /// <summary>The host of a reference's domain.</summary>
    public static RegistryHost Of(string domain) => new(domain, domain == ImageReference.DefaultDomain ? DockerHubHost : domain);

    /// <summary>True where an address leads to this machine itself, whatever a name service says.</summary>
    public static bool IsLoopbackName(Uri address) =>
        address.IdnHost == "localhost" || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));
}
