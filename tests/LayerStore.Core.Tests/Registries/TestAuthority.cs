using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>A throw-away authority and the certificate that it gave to localhost, as files.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly TestDirectory _directory = new();

    public TestAuthority(string host = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=LayerStore test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var authority = request.CreateSelfSigned(from, until);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=" + host, serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(authority, from, until, [1, 2, 3, 4]);

        File.WriteAllText(Certificate, authority.ExportCertificatePem());
        File.WriteAllText(ServerCertificate, certificate.ExportCertificatePem());
        File.WriteAllText(ServerKey, serverKey.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string Certificate => _directory["ca.crt"];

    public string ServerCertificate => _directory["server.pem"];

    public string ServerKey => _directory["server.key"];

    public void Dispose() => _directory.Dispose();
}
