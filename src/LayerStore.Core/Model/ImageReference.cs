using System.Diagnostics.CodeAnalysis;

namespace LayerStore;

/// <summary>
/// The name of an image by Docker's reference grammar (distribution/reference): a domain, a path, and a tag, a digest or both.
/// What people write is made whole: <c>alpine</c> is <c>docker.io/library/alpine:latest</c>.
/// </summary>
public sealed record ImageReference
{
    /// <summary>Docker Hub, which a name without a domain means.</summary>
    public const string DefaultDomain = "docker.io";

    /// <summary>The tag that a name with neither tag nor digest means.</summary>
    public const string DefaultTag = "latest";

    /// <summary>Characters of <see cref="Path"/> at most, as distribution/reference has it.</summary>
    public const int MaxPathLength = 255;

    private const string LegacyDefaultDomain = "index.docker.io", OfficialPrefix = "library/";

    private ImageReference(string domain, string path, string? tag, Digest? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry's host, with its port where one was given: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public string Domain { get; }

    /// <summary>The repository within the registry: <c>library/alpine</c>.</summary>
    public string Path { get; }

    /// <summary>The tag; null where only a digest was given.</summary>
    public string? Tag { get; }

    /// <summary>The digest of the manifest; null where none was given.</summary>
    public Digest? Digest { get; }

    /// <summary>Domain and path: <c>docker.io/library/alpine</c>.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>
    /// The one form of everything that means the same: <c>docker.io/library/alpine:latest</c>. A digest says more than a tag, so
    /// that a reference with both is the digest's: <c>docker.io/library/alpine@sha256:…</c>.
    /// </summary>
    public string Canonical => Digest is { } digest ? $"{Name}@{digest}" : $"{Name}:{Tag}";

    /// <summary>
    /// The name as people write it: <c>alpine</c>, <c>quay.io/a/b</c>. It always means the same: <c>docker.io/quay.io/a</c> is not shortened to what would be another registry's.
    /// </summary>
    public string FamiliarName => Domain != DefaultDomain || DomainEnd(Path) > 0
        ? Name
        : Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && Path.IndexOf('/', OfficialPrefix.Length) < 0
            ? Path[OfficialPrefix.Length..]
            : Path;

    /// <summary>The reference as people write it: <c>alpine:latest</c>, <c>alpine@sha256:…</c>.</summary>
    public string Familiar => FamiliarName + (Tag is null ? "" : ":" + Tag) + (Digest is { } digest ? "@" + digest : "");

    /// <summary>The same repository with another tag and no digest.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ReferenceInvalid"/>.</exception>
    public ImageReference WithTag(string tag) =>
        ReferenceGrammar.IsTag(tag) ? new(Domain, Path, tag, null) : throw Invalid(tag, ReferenceGrammar.TagRule);

    /// <summary>The same repository with a digest instead of the tag.</summary>
    public ImageReference WithDigest(Digest digest) => new(Domain, Path, null, digest);

    /// <summary>Parses a reference; one with neither tag nor digest gets the tag <c>latest</c>.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ReferenceInvalid"/>, naming what is wrong.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference, out var reason) ? reference : throw Invalid(text, reason);

    /// <summary>As <see cref="Parse"/>, without the exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference) =>
        TryParse(text, out reference, out _);

    /// <summary>As <see cref="Parse"/>, with the reason instead of the exception.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? reason)
    {
        reference = null;
        if (string.IsNullOrEmpty(text))
        {
            reason = "it is empty";
            return false;
        }
        if (text.Length == 64 && Hexadecimal.IsLower(text))
        {
            reason = "64 hexadecimal digits are an image's id and may not be a name";
            return false;
        }

        var rest = text;
        Digest? digest = null;
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            if (!LayerStore.Digest.TryParse(rest[(at + 1)..], out var parsed))
            {
                reason = "what follows '@' must be 'sha256:' and 64 lower-case hexadecimal digits";
                return false;
            }
            digest = parsed;
            rest = rest[..at];
        }

        // A colon before the last slash belongs to a port.
        string? tag = null;
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!ReferenceGrammar.IsTag(tag))
            {
                reason = ReferenceGrammar.TagRule;
                return false;
            }
        }

        if (rest.Length == 0)
        {
            reason = "the repository's name is missing";
            return false;
        }
        var (domain, path) = Split(rest);
        reason = ReferenceGrammar.FaultOfDomain(domain) ?? ReferenceGrammar.FaultOfPath(path);
        if (reason is not null)
            return false;
        reference = new ImageReference(domain, path, tag ?? (digest is null ? DefaultTag : null), digest);
        return true;
    }

    /// <summary>The familiar form.</summary>
    public override string ToString() => Familiar;

    /// <summary>The first component is a domain only where it looks like one: with a dot or a port, <c>localhost</c>, or upper-case letters.</summary>
    private static (string Domain, string Path) Split(string name)
    {
        var end = DomainEnd(name);
        var (domain, path) = end > 0 ? (name[..(end - 1)], name[end..]) : (DefaultDomain, name);
        if (domain == LegacyDefaultDomain)
            domain = DefaultDomain;
        if (domain == DefaultDomain && !path.Contains('/', StringComparison.Ordinal))
            path = OfficialPrefix + path;
        return (domain, path);
    }

    /// <summary>Where the path begins behind a domain: after the first slash where what stands before it looks like one, else 0.</summary>
    private static int DomainEnd(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return 0;
        var first = name.AsSpan(0, slash);
        return first.ContainsAny('.', ':') || first is "localhost" || first.ContainsAnyInRange('A', 'Z') || first.IsEmpty ? slash + 1 : 0;
    }

    private static StoreException Invalid(string text, string reason) => new(
        ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, text,
        $"'{Printable.Escape(text)}' is not an image reference: {reason}.",
        "Write it as [registry[:port]/]repository[:tag][@sha256:digest], for example 'alpine:3.20' or 'localhost:5000/team/app:1.0'.");
}
