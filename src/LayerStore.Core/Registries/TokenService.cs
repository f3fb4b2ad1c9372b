using System.Net;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>
/// Gets bearer tokens from the service that a registry names (distribution specification, token authentication): with a name and a password, with an identity token, or for nobody in particular.
/// </summary>
internal sealed class TokenService(RegistryHost host, RegistryOptions options, RegistryTransport transport)
{
    private const int MaxBodyBytes = 1 << 20;

    // docker login asks for identity tokens under its own name; who asks for what they are good for has to say one as well.
    private const string ClientId = "layerstore";

    /// <summary>Gets a token.</summary>
    /// <param name="challenge">What the registry said.</param>
    /// <param name="credential">Who asks; null for nobody.</param>
    /// <param name="scope">What for; several with a blank between them.</param>
    /// <param name="isSecure">True where the registry speaks TLS: then its token service must, too.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="StoreException">The service refuses, cannot be reached or must not be asked.</exception>
    public string Get(AuthenticationChallenge challenge, RegistryCredential? credential, string scope, bool isSecure, CancellationToken cancellation)
    {
        if (!challenge.Parameters.TryGetValue("realm", out var text) || !Uri.TryCreate(text, UriKind.Absolute, out var realm))
            throw RegistryFaults.Protocol(host.Domain, "it names no token service ('realm') that could be asked");
        CheckRealm(realm, isSecure);
        var retry = new RetryDelay(options);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var message = MessageFor(realm, challenge.Parameters.GetValueOrDefault("service"), credential, scope);
                using var response = transport.Send(message, cancellation);
                if (response.StatusCode == HttpStatusCode.OK)
                    return TokenOf(response, cancellation);
                if (!RetryDelay.IsTransient(response.StatusCode) || attempt == retry.MaxAttempts)
                    throw Refused(response, realm, credential);
                retry.Wait(attempt, response, cancellation);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                if (!RetryDelay.IsTransient(error) || attempt == retry.MaxAttempts)
                    throw RegistryFaults.From(error, realm.Authority, transport.Certificates);
                retry.Wait(attempt, null, cancellation);
            }
        }
    }

    private void CheckRealm(Uri realm, bool isSecure)
    {
        if (realm.Scheme == Uri.UriSchemeHttps)
            return;
        if (realm.Scheme != Uri.UriSchemeHttp)
            throw RegistryFaults.Protocol(host.Domain, $"its token service '{realm}' is no web address");
        // A secret that comes over TLS does not leave without it.
        if (!options.AllowInsecure && (isSecure || !RegistryHost.IsLoopbackName(realm)))
            throw RegistryFaults.Insecure(host.Domain, $"it sends to the token service '{realm}' without TLS, which everybody in between could read");
    }

    private static HttpRequestMessage MessageFor(Uri realm, string? service, RegistryCredential? credential, string scope)
    {
        var fields = new List<KeyValuePair<string, string>>();
        if (service is not null)
            fields.Add(new("service", service));
        foreach (var one in scope.Split(' '))
            fields.Add(new("scope", one));
        HttpRequestMessage message;
        if (credential is { IsIdentityToken: true })
        {
            // OAuth2: one field for all scopes.
            fields.RemoveAll(field => field.Key == "scope");
            fields.AddRange([new("scope", scope), new("grant_type", "refresh_token"), new("refresh_token", credential.Password), new("client_id", ClientId)]);
            message = new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(fields) };
        }
        else
        {
            var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
            message = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query }.Uri);
            if (credential is not null)
                message.Headers.Authorization = new("Basic", credential.Basic);
        }
        message.Headers.UserAgent.ParseAdd(RegistryTransport.UserAgent);
        return message;
    }

    private string TokenOf(HttpResponseMessage response, CancellationToken cancellation)
    {
        var content = BoundedBody.TryRead(response, MaxBodyBytes, cancellation)
            ?? throw RegistryFaults.Protocol(host.Domain, $"its token has more than {MaxBodyBytes} bytes");
        var json = JsonDocuments.Parse(content, "token", (_, reason, cause) => RegistryFaults.Protocol(host.Domain, $"its token cannot be read: {reason}", cause));
        var token = json.Text("token") ?? json.Text("access_token") ?? "";
        return token.Length > 0 && token.All(c => c is > ' ' and < '\x7f')
            ? token
            : throw RegistryFaults.Protocol(host.Domain, "its token service gives no token that could be sent");
    }

    private StoreException Refused(HttpResponseMessage response, Uri realm, RegistryCredential? credential) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest => RegistryFaults.Unauthorized(host.Domain, credential is null
            ? $"its token service '{realm.Authority}' gives nothing to those who are not logged in"
            : $"its token service '{realm.Authority}' does not accept the credentials of '{credential.UserName}'"),
        _ => RegistryFaults.From(response, host.Domain, $"a token from '{realm.Authority}'", ErrorIds.RegistryProtocolError),
    };
}
