using System.Net;
using System.Net.Security;

namespace LayerStore.Registries;

/// <summary>Sends single HTTP requests for one registry: TLS, time limits, limits of headers. Follows nothing and repeats nothing.</summary>
internal sealed class RegistryTransport : IDisposable
{
    // Kilobytes; registries send a few hundred bytes, and a long signed address when they redirect.
    private const int MaxHeaderKilobytes = 64;

    private readonly HttpMessageInvoker _http;
    private readonly TimeSpan _idleTimeout;

    public RegistryTransport(RegistryHost host, RegistryOptions options)
    {
        _idleTimeout = options.IdleTimeout;
        Certificates = new CertificateTrust(host, options);
#pragma warning disable CA2000 // The invoker disposes it.
        var handler = new SocketsHttpHandler
        {
            // Redirects are followed by us: credentials must not go with them.
            AllowAutoRedirect = false,
            UseCookies = false,
            // Blobs are digested as they are stored; nothing else may change their bytes.
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = !host.IsLoopback,
            ConnectTimeout = options.IdleTimeout,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // What is given up is closed, not read to its end.
            MaxResponseDrainSize = 0,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = Certificates.Accepts,
                LocalCertificateSelectionCallback = Certificates.SelectOwn,
            },
        };
#pragma warning restore CA2000
        _http = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <summary>What registries see of who asks.</summary>
    public static string UserAgent { get; } = "LayerStore/" + typeof(RegistryTransport).Assembly.GetName().Version!.ToString(3);

    /// <summary>Who is trusted, and why a certificate was refused.</summary>
    public CertificateTrust Certificates { get; }

    /// <summary>Sends a request and waits for the headers of its answer.</summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public HttpResponseMessage Send(HttpRequestMessage message, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout ?? _idleTimeout);
        try
        {
            return _http.SendAsync(message, limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("it did not answer in time");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        Certificates.Dispose();
    }
}
