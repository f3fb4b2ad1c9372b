using System.Net.Http.Headers;

namespace LayerStore.Registries;

/// <summary>
/// What is sent to a registry so that it knows who asks: nothing before it asks, then what its challenge wants, a name with a password or a token for each scope. Safe for several threads.
/// </summary>
internal sealed class RegistryAuthorization(RegistryHost host, RegistryOptions options, TokenService tokens)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AuthenticationHeaderValue> _headers = new(StringComparer.Ordinal);
    private AuthenticationHeaderValue? _basic;

    /// <summary>The header for a scope; null before the registry asked for one.</summary>
    public AuthenticationHeaderValue? For(string scope)
    {
        lock (_gate)
            return _basic ?? _headers.GetValueOrDefault(scope);
    }

    /// <summary>Answers a registry that asked who we are.</summary>
    /// <param name="response">Its answer with the status 401.</param>
    /// <param name="repository">The repository, since credentials may be for a part of a registry only.</param>
    /// <param name="scope">What is to be allowed.</param>
    /// <param name="sent">What was sent and not accepted; null where nothing was.</param>
    /// <param name="isSecure">True where the registry speaks TLS.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False where there is nothing else to say.</returns>
    public bool Answer(
        HttpResponseMessage response, string repository, string scope, AuthenticationHeaderValue? sent, bool isSecure, CancellationToken cancellation)
    {
        // One thread asks for a token; the others find it when they come in.
        lock (_gate)
        {
            if (For(scope) is { } known && !known.Equals(sent))
                return true;
            var challenges = AuthenticationChallenge.Of(response);
            if (challenges.FirstOrDefault(challenge => challenge.Scheme == "bearer") is { } bearer)
            {
                _headers[scope] = new AuthenticationHeaderValue("Bearer", tokens.Get(bearer, Credential(repository), scope, isSecure, cancellation));
                return true;
            }
            if (_basic is not null || !challenges.Any(challenge => challenge.Scheme == "basic") || Credential(repository) is not { IsIdentityToken: false } credential)
                return false;
            _basic = new AuthenticationHeaderValue("Basic", credential.Basic);
            return true;
        }
    }

    private RegistryCredential? Credential(string repository) => options.Credential ?? new CredentialFiles(options).Find(host.Domain, repository);
}
