using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace LayerStore.PS.Tests.Errors;

/// <summary>
/// A registry on loopback in which each repository fails in its own way: the first word of its name says how.
/// </summary>
internal sealed class BrokenRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;

    /// <summary>Starts it.</summary>
    /// <param name="tls">With a certificate that nobody vouches for.</param>
    internal BrokenRegistry(bool tls = false)
    {
        if (tls)
        {
            using var key = ECDsa.Create();
            _certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        }
        _listener.Start();
        Authority = _listener.LocalEndpoint.ToString()!;
        _serving = Task.Run(Serve);
    }

    internal string Authority { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _serving.Wait();
        _certificate?.Dispose();
        _stop.Dispose();
    }

    private async Task Serve()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                // Clients keep connections open and begin with TLS where they may.
                _ = Task.Run(() => Answer(client));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task Answer(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = await Open(client);
                if (stream is not null)
                    await Answer(stream);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or AuthenticationException)
        {
            // The client went away, which is its right.
        }
    }

    /// <summary>Null where somebody speaks TLS to a server that does not.</summary>
    private async Task<Stream?> Open(TcpClient client)
    {
        const byte Handshake = 0x16;
        if (_certificate is not null)
        {
            var secure = new SslStream(client.GetStream());
            await secure.AuthenticateAsServerAsync(_certificate);
            return secure;
        }
        var first = new byte[1];
        await client.Client.ReceiveAsync(first, SocketFlags.Peek, _stop.Token);
        return first[0] == Handshake ? null : client.GetStream();
    }

    private async Task Answer(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var path = (await reader.ReadLineAsync(_stop.Token))?.Split(' ')[1] ?? "";
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
        {
        }
        var (status, headers, body) = Reply(path);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"), _stop.Token);
        await stream.WriteAsync(body, _stop.Token);
        await stream.FlushAsync(_stop.Token);
    }

    private static (int Status, string Headers, byte[] Body) Reply(string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (words.ElementAtOrDefault(1), words.ElementAtOrDefault(2)) switch
        {
            ("busy", _) => (429, "Retry-After: 0\r\n", []),
            ("denied", _) => (403, "", []),
            ("closed", _) => (401, "WWW-Authenticate: Basic realm=\"x\"\r\n", []),
            ("leading", _) => (401, "WWW-Authenticate: Bearer realm=\"http://192.0.2.1/token\",service=\"x\"\r\n", []),
            // A redirect that leads nowhere.
            ("garbage", "manifests") => (307, "", []),
            ("hollow", "manifests") => (200, "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n", Manifest()),
            (null, _) => (200, "", "{}"u8.ToArray()),
            _ => (404, "", []),
        };
    }

    /// <summary>A manifest whose blobs are not there.</summary>
    private static byte[] Manifest() => BrokenImages.Json(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
        ["config"] = new JsonObject { ["mediaType"] = "application/vnd.oci.image.config.v1+json", ["digest"] = "sha256:" + new string('a', 64), ["size"] = 100 },
        ["layers"] = new JsonArray(new JsonObject { ["mediaType"] = "application/vnd.oci.image.layer.v1.tar", ["digest"] = "sha256:" + new string('b', 64), ["size"] = 100 }),
    });
}
