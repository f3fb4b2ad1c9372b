using System.Diagnostics.CodeAnalysis;

namespace LayerStore;

/// <summary>
/// A content digest as the OCI image specification writes it: <c>algorithm:hex</c>, lower case.
/// LayerStore computes and verifies <c>sha256</c>; every other algorithm is refused when it is parsed, so that a
/// digest in hand is always one that can be checked and whose hex part is safe as a file name.
/// </summary>
public readonly record struct Digest : IComparable<Digest>
{
    private const string Prefix = "sha256:";

    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 lower-case hexadecimal digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("This digest was never set.");

    /// <summary>True where the value was never set.</summary>
    public bool IsEmpty => _hex is null;

    /// <summary>The first twelve digits, as Docker's tables show identifiers.</summary>
    public string Short => Hex[..12];

    /// <summary>Makes a digest of 32 bytes of SHA-256.</summary>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public static Digest FromSha256(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != 32)
            throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(hash));
        return new Digest(Convert.ToHexStringLower(hash));
    }

    /// <summary>Parses <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="StoreException">Anything else, with the id <see cref="ErrorIds.DigestInvalid"/>.</exception>
    public static Digest Parse(string text) => TryParse(text, out var digest)
        ? digest
        : throw new StoreException(
            ErrorIds.DigestInvalid, StoreErrorKind.InvalidData, text,
            $"'{Printable.Escape(text)}' is not a digest.",
            "A digest is 'sha256:' and 64 lower-case hexadecimal digits.");

    /// <summary>As <see cref="Parse"/>, without the exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null || text.Length != Prefix.Length + 64 || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var hex = text[Prefix.Length..];
        if (!Hexadecimal.IsLower(hex))
            return false;
        digest = new Digest(hex);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Digest other) => string.CompareOrdinal(_hex, other._hex);

    /// <summary>The digest as it is written: <c>sha256:</c> and its digits.</summary>
    public override string ToString() => _hex is null ? "" : Prefix + _hex;

    /// <summary>Orders digests by their digits.</summary>
    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    /// <summary>Orders digests by their digits.</summary>
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    /// <summary>Orders digests by their digits.</summary>
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    /// <summary>Orders digests by their digits.</summary>
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;
}
