using System.Net;

namespace LayerStore.Registries;

/// <summary>
/// Talks to one registry: decides between TLS and plain HTTP, says who asks where it is asked, follows redirects, and tries again what may be tried again. Safe for several threads.
/// </summary>
internal sealed class RegistryConnection : IDisposable
{
    private const int MaxRedirects = 5;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly RegistryOptions _options;
    private readonly RegistryTransport _transport;
    private readonly RegistryAuthorization _authorization;
    private readonly Lock _gate = new();
    private Uri? _base;

    /// <summary>Nothing is sent before the first request.</summary>
    public RegistryConnection(RegistryHost host, RegistryOptions options)
    {
        (Host, _options) = (host, options);
        _transport = new RegistryTransport(host, options);
        _authorization = new RegistryAuthorization(host, options, new TokenService(host, options, _transport));
        Retry = new RetryDelay(options);
    }

    /// <summary>Whom it talks to.</summary>
    public RegistryHost Host { get; }

    /// <summary>The rule of further attempts.</summary>
    public RetryDelay Retry { get; }

    /// <summary>How long it may be silent.</summary>
    public TimeSpan IdleTimeout => _options.IdleTimeout;

    /// <summary>Sends a request; what comes back may be any answer that another attempt would not change.</summary>
    /// <param name="request">The request.</param>
    /// <param name="repository">The repository that it is about.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="StoreException">There is no answer, or the way to it is not to be gone.</exception>
    public HttpResponseMessage Send(RegistryRequest request, string repository, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = SendOnce(request, repository, cancellation);
                if (!request.Retries || !RetryDelay.IsTransient(response.StatusCode) || attempt == Retry.MaxAttempts)
                    return response;
                using (response)
                    Retry.Wait(attempt, response, cancellation);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                if (!request.Retries || !RetryDelay.IsTransient(error) || attempt == Retry.MaxAttempts)
                    throw FaultOf(error);
                Retry.Wait(attempt, null, cancellation);
            }
        }
    }

    /// <summary>What a failure of this connection means.</summary>
    public StoreException FaultOf(Exception error) => RegistryFaults.From(error, Host.Domain, _transport.Certificates);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private HttpResponseMessage SendOnce(RegistryRequest request, string repository, CancellationToken cancellation)
    {
        var root = Base(cancellation);
        var address = new Uri(root, request.Target.Contains("://", StringComparison.Ordinal) || request.Target.StartsWith('/') ? request.Target : "/v2/" + request.Target);
        CheckAddress(root, address);
        var (redirects, answers) = (0, 0);
        while (true)
        {
            // Who we are is the registry's business, and no other host's that it sends us to.
            var authorization = IsSameOrigin(root, address) ? _authorization.For(request.Scope) : null;
            using var message = request.ToMessage(address, authorization);
            var response = _transport.Send(message, cancellation, _options.IdleTimeout + request.Patience);
            var passesOn = false;
            try
            {
                if (response.StatusCode == HttpStatusCode.Unauthorized && IsSameOrigin(root, address) && answers++ < 2
                    && _authorization.Answer(response, repository, request.Scope, authorization, root.Scheme == Uri.UriSchemeHttps, cancellation))
                    continue;
                if (IsRedirect(response.StatusCode) && response.Headers.Location is { } location && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head))
                {
                    if (++redirects > MaxRedirects)
                        throw RegistryFaults.Protocol(Host.Domain, $"it redirects more than {MaxRedirects} times");
                    address = Follow(address, location);
                    continue;
                }
                passesOn = true;
                return response;
            }
            finally
            {
                if (!passesOn)
                    response.Dispose();
            }
        }
    }

    private Uri Follow(Uri from, Uri location)
    {
        var target = new Uri(from, location);
        // A name and a password in an address are nobody's that we know.
        target = target.UserInfo.Length == 0 ? target : new UriBuilder(target) { UserName = "", Password = "" }.Uri;
        CheckAddress(from, target);
        return target;
    }

    /// <summary>Refuses to leave TLS, or this machine without it.</summary>
    private void CheckAddress(Uri from, Uri target)
    {
        if (target.Scheme == Uri.UriSchemeHttps)
            return;
        if (target.Scheme != Uri.UriSchemeHttp)
            throw RegistryFaults.Protocol(Host.Domain, $"it leads to '{target}', which is no web address");
        if (!_options.AllowInsecure && (from.Scheme == Uri.UriSchemeHttps || !RegistryHost.IsLoopbackName(target)))
            throw RegistryFaults.Insecure(Host.Domain, $"it leads to '{target.GetLeftPart(UriPartial.Authority)}' without TLS, where everybody in between could change what comes");
    }

    /// <summary>The registry's address: TLS, and plain HTTP only where that is allowed and there is no TLS.</summary>
    private Uri Base(CancellationToken cancellation)
    {
        lock (_gate)
            return _base ??= SpeaksTls(cancellation) ? new Uri($"https://{Host.Authority}") : new Uri($"http://{Host.Authority}");
    }

    private bool SpeaksTls(CancellationToken cancellation)
    {
        if (!Host.IsLoopback && !_options.AllowInsecure)
            return true;
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{Host.Authority}/v2/"));
            message.Headers.UserAgent.ParseAdd(RegistryTransport.UserAgent);
            using var response = _transport.Send(message, cancellation, ProbeTimeout);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException or IOException)
        {
            // A certificate that is refused is no reason to go without one.
            return _transport.Certificates.Refusal is null ? false : throw FaultOf(error);
        }
    }

    private static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
