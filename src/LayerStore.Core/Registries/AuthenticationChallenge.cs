using System.Net.Http.Headers;

namespace LayerStore.Registries;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header (RFC 9110, 11.6.1): how a registry wants to be told who asks.</summary>
/// <param name="Scheme">The scheme, lower case: <c>bearer</c>, <c>basic</c>.</param>
/// <param name="Parameters">Its parameters by their names in lower case.</param>
internal sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>The challenges of an answer, in their order.</summary>
    public static IReadOnlyList<AuthenticationChallenge> Of(HttpResponseMessage response) =>
        [.. response.Headers.WwwAuthenticate.Select(value => new AuthenticationChallenge(value.Scheme.ToLowerInvariant(), Parse(value)))];

    private static Dictionary<string, string> Parse(AuthenticationHeaderValue value)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = value.Parameter.AsSpan();
        while (!(rest = rest.TrimStart(" \t,")).IsEmpty)
        {
            var equals = rest.IndexOf('=');
            if (equals <= 0)
                break;
            var name = rest[..equals].Trim().ToString().ToLowerInvariant();
            rest = rest[(equals + 1)..].TrimStart();
            parameters[name] = rest.StartsWith("\"") ? Quoted(ref rest) : Plain(ref rest);
        }
        return parameters;
    }

    private static string Plain(ref ReadOnlySpan<char> rest)
    {
        var comma = rest.IndexOf(',');
        var text = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? [] : rest[comma..];
        return text.Trim().ToString();
    }

    private static string Quoted(ref ReadOnlySpan<char> rest)
    {
        var text = new System.Text.StringBuilder();
        var i = 1;
        for (; i < rest.Length && rest[i] != '"'; i++)
        {
            if (rest[i] == '\\' && i + 1 < rest.Length)
                i++;
            text.Append(rest[i]);
        }
        rest = i < rest.Length ? rest[(i + 1)..] : [];
        return text.ToString();
    }
}
