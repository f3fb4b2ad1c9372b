using System.Net.Http.Headers;

namespace LayerStore.Registries;

/// <summary>A request to a registry, which may have to be sent more than once.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">What follows <c>/v2/</c>, or a whole address that the registry gave.</param>
/// <param name="Scope">What it needs to be allowed: <c>repository:NAME:pull</c>; several with a blank between them.</param>
internal sealed record RegistryRequest(HttpMethod Method, string Target, string Scope)
{
    /// <summary>Media types that are understood; empty for any.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The first byte that is wanted; 0 for the whole.</summary>
    public long From { get; init; }

    /// <summary>Makes the body anew for each attempt; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>How much longer than other answers its own may take: for a body that must get through, or work that the registry has with it.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>False where only the caller knows whether it may be sent again.</summary>
    public bool Retries { get; init; } = true;

    /// <summary>The message for one attempt.</summary>
    public HttpRequestMessage ToMessage(Uri address, AuthenticationHeaderValue? authorization)
    {
        var message = new HttpRequestMessage(Method, address) { Content = Content?.Invoke() };
        message.Headers.UserAgent.ParseAdd(RegistryTransport.UserAgent);
        message.Headers.Authorization = authorization;
        foreach (var type in Accept)
            message.Headers.Accept.ParseAdd(type);
        if (From > 0)
            message.Headers.Range = new RangeHeaderValue(From, null);
        return message;
    }
}
