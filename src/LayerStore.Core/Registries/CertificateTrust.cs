using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LayerStore.Linux;

namespace LayerStore.Registries;

/// <summary>
/// Whom TLS trusts for a registry: the system's authorities, those that the caller named, and those of the directories where docker and podman keep them, which may also hold a certificate of our own.
/// </summary>
internal sealed class CertificateTrust : IDisposable
{
    private readonly X509Certificate2Collection _authorities = [];
    private readonly List<X509Certificate2> _own = [];
    private readonly string _host;
    private readonly bool _acceptsAll;

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.RegistryTlsFailed"/>: a file cannot be read.</exception>
    public CertificateTrust(RegistryHost host, RegistryOptions options)
    {
        _host = host.Name;
        _acceptsAll = options.AllowInsecure;
        if (options.CertificateAuthority is { } file)
            Load(file, () => _authorities.ImportFromPemFile(file));
        if (_authorities.Count == 0 && options.CertificateAuthority is { } empty)
            throw Unreadable(empty, "it holds no certificate in PEM format", null);
        foreach (var directory in options.CertificateDirectories ?? DefaultDirectories())
            LoadDirectory(Path.Combine(directory, host.Domain));
    }

    /// <summary>Why the last certificate was refused; null where none was.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Judges a server's certificate.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || _acceptsAll)
            return true;
        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && _authorities.Count > 0 && certificate is X509Certificate2 leaf && IsVouchedFor(leaf, chain))
            return true;
        Refusal = errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "it showed no certificate"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"its certificate is for another name ({Printable.Escape(certificate?.Subject)})"
            : "its certificate is not vouched for: " + Printable.Escape(string.Join("; ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()) ?? []));
        return false;
    }

    /// <summary>Our own certificate, for the registry itself and no other host that it may send us to.</summary>
    public X509Certificate SelectOwn(
        object sender, string targetHost, X509CertificateCollection localCertificates, X509Certificate? remoteCertificate, string[] acceptableIssuers) =>
        (targetHost == _host ? _own.FirstOrDefault() : null)!;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in _authorities.Concat(_own))
            certificate.Dispose();
    }

    private bool IsVouchedFor(X509Certificate2 leaf, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        // A private authority seldom says where its revocations are.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf);
    }

    private void LoadDirectory(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var file in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".crt", StringComparison.Ordinal))
                Load(file, () => _authorities.ImportFromPemFile(file));
            else if (file.EndsWith(".cert", StringComparison.Ordinal))
                Load(file, () => _own.Add(X509Certificate2.CreateFromPemFile(file, Path.ChangeExtension(file, ".key"))));
        }
    }

    private static void Load(string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unreadable(file, error.Message, error);
        }
    }

    private static IEnumerable<string> DefaultDirectories() =>
        [Path.Combine(UserDirectories.Configuration, "containers", "certs.d"), "/etc/containers/certs.d", "/etc/docker/certs.d"];

    private static StoreException Unreadable(string file, string reason, Exception? cause) => new(
        ErrorIds.RegistryTlsFailed, StoreErrorKind.Security, file,
        $"The certificates of '{Printable.Escape(file)}' cannot be read: {Printable.Escape(reason.TrimEnd('.'))}.",
        "Give a file with one or more certificates in PEM format ('-----BEGIN CERTIFICATE-----') that you may read; a '.cert' needs its '.key' beside it.", cause);
}
