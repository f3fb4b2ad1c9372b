namespace LayerStore;

/// <summary>The terminal rules of Docker's reference grammar, each with the sentence that says how it was broken.</summary>
internal static class ReferenceGrammar
{
    /// <summary>Characters of a tag at most.</summary>
    public const int MaxTagLength = 128;

    /// <summary>What <see cref="IsTag"/> asks for.</summary>
    public const string TagRule = "a tag has 1 to 128 letters, digits, '_', '.' and '-', and does not begin with '.' or '-'";

    private const string DomainRule = "a registry is a host name or an address in brackets, with a port in digits";

    private const string PathRule =
        "a repository's components are lower-case letters and digits, with single '.', one or two '_' or any number of '-' between them";

    /// <summary>True for a tag: <c>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}</c>.</summary>
    public static bool IsTag(ReadOnlySpan<char> tag)
    {
        if (tag.Length is 0 or > MaxTagLength || tag[0] is '.' or '-')
            return false;
        foreach (var c in tag)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
                return false;
        return true;
    }

    /// <summary>What is wrong with a domain; null where nothing is.</summary>
    public static string? FaultOfDomain(ReadOnlySpan<char> domain)
    {
        ReadOnlySpan<char> host = domain, port = default;
        var bracket = domain.LastIndexOf(']');
        var colon = domain.LastIndexOf(':');
        if (colon > bracket)
        {
            host = domain[..colon];
            port = domain[(colon + 1)..];
            if (port.IsEmpty || port.ContainsAnyExceptInRange('0', '9'))
                return DomainRule;
        }
        if (host.IsEmpty)
            return DomainRule;
        if (host[0] == '[')
            return host.Length > 2 && host[^1] == ']' && IsIPv6(host[1..^1]) ? null : DomainRule;
        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
                return DomainRule;
            foreach (var c in label)
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return DomainRule;
        }
        return null;
    }

    /// <summary>What is wrong with a repository's path; null where nothing is.</summary>
    public static string? FaultOfPath(ReadOnlySpan<char> path)
    {
        if (path.Length > ImageReference.MaxPathLength)
            return $"a repository's name has at most {ImageReference.MaxPathLength} characters";
        if (path.ContainsAnyInRange('A', 'Z'))
            return "a repository's name must be lower-case";
        foreach (var range in path.Split('/'))
            if (!IsPathComponent(path[range]))
                return PathRule;
        return null;
    }

    private static bool IsIPv6(ReadOnlySpan<char> address)
    {
        foreach (var c in address)
            if (!char.IsAsciiHexDigit(c) && c != ':')
                return false;
        return address.Contains(':');
    }

    /// <summary><c>[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*</c>.</summary>
    private static bool IsPathComponent(ReadOnlySpan<char> component)
    {
        if (component.IsEmpty || !IsAlphanumeric(component[0]) || !IsAlphanumeric(component[^1]))
            return false;
        for (var i = 0; i < component.Length;)
        {
            if (IsAlphanumeric(component[i]))
            {
                i++;
                continue;
            }
            var separator = component[i];
            var run = 1;
            while (component[i + run] == separator)
                run++;
            var allowed = separator switch { '.' => 1, '_' => 2, '-' => int.MaxValue, _ => 0 };
            if (run > allowed || !IsAlphanumeric(component[i + run]))
                return false;
            i += run;
        }
        return true;
    }

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
