using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace LayerStore;

/// <summary>
/// The machine that an image is made for, by the OCI image specification's words (Go's): <c>linux/amd64</c>, <c>linux/arm/v7</c>.
/// Values are normalized as containerd does it: <c>x86_64</c> is <c>amd64</c>, <c>arm64/v8</c> is <c>arm64</c>, <c>arm</c> is <c>arm/v7</c>.
/// </summary>
public sealed record Platform
{
    private Platform(string operatingSystem, string architecture, string? variant)
    {
        OperatingSystem = operatingSystem;
        Architecture = architecture;
        Variant = variant;
    }

    /// <summary>The operating system: <c>linux</c>.</summary>
    public string OperatingSystem { get; }

    /// <summary>The architecture: <c>amd64</c>.</summary>
    public string Architecture { get; }

    /// <summary>The architecture's variant, such as <c>v7</c>; null where it has none.</summary>
    public string? Variant { get; }

    /// <summary>This machine, with the system that images are made of here: Linux.</summary>
    public static Platform Current { get; } = Create("linux", RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        System.Runtime.InteropServices.Architecture.Armv6 => "armel",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        var other => other.ToString().ToLowerInvariant(),
    }, null);

    /// <summary>True for the <c>unknown/unknown</c> that BuildKit gives to attestations, which are no images.</summary>
    public bool IsUnknown => OperatingSystem == "unknown" || Architecture == "unknown";

    /// <summary>Makes a platform of its parts as a descriptor or a configuration has them.</summary>
    public static Platform Create(string operatingSystem, string architecture, string? variant)
    {
        var os = operatingSystem.ToLowerInvariant() switch { "macos" => "darwin", var other => other };
        var (arch, kind) = (architecture.ToLowerInvariant(), string.IsNullOrEmpty(variant) ? null : variant.ToLowerInvariant());
        if (kind is not null && char.IsAsciiDigit(kind[0]))
            kind = "v" + kind;
        (arch, kind) = (arch, kind) switch
        {
            ("i386", _) => ("386", null),
            ("x86_64" or "x86-64" or "amd64", "v1") => ("amd64", null),
            ("x86_64" or "x86-64", _) => ("amd64", kind),
            ("aarch64" or "arm64", "v8") => ("arm64", null),
            ("aarch64", _) => ("arm64", kind),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", null) => ("arm", "v7"),
            var other => other,
        };
        return new Platform(os, arch, kind);
    }

    /// <summary>Parses <c>os/architecture[/variant]</c>; an architecture alone is Linux's.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ReferenceInvalid"/>.</exception>
    public static Platform Parse(string text) => TryParse(text, out var platform)
        ? platform
        : throw new StoreException(
            ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, text,
            $"'{Printable.Escape(text)}' is not a platform.",
            "Write it as os/architecture[/variant], for example 'linux/amd64' or 'linux/arm/v7'.");

    /// <summary>As <see cref="Parse"/>, without the exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Platform? platform)
    {
        platform = null;
        var parts = text?.Split('/') ?? [];
        if (parts.Length is 0 or > 3 || parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')))
            return false;
        platform = parts.Length == 1 ? Create("linux", parts[0], null) : Create(parts[0], parts[1], parts.Length == 3 ? parts[2] : null);
        return true;
    }

    /// <summary>
    /// How well this machine runs an image made for <paramref name="image"/>: 0 is best, null is not at all. As with containerd,
    /// newer ARM runs older, 64-bit ARM runs 32-bit, amd64 runs its lower levels and 386.
    /// </summary>
    public int? Rank(Platform image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image == this)
            return 0;
        if (image.OperatingSystem != OperatingSystem)
            return null;
        return (Architecture, image.Architecture) switch
        {
            ("arm", "arm") or ("amd64", "amd64") when Level(this) > Level(image) => Level(this) - Level(image),
            ("arm64", "arm64") when image.Variant is null => 1,
            ("arm64", "arm") => 10 + 8 - Math.Min(8, Level(image)),
            ("amd64", "386") => 100,
            _ => null,
        };
    }

    /// <summary><c>os/architecture[/variant]</c>.</summary>
    public override string ToString() => $"{OperatingSystem}/{Architecture}{(Variant is null ? "" : "/" + Variant)}";

    private static int Level(Platform platform) =>
        platform.Variant is null ? 1 : int.TryParse(platform.Variant.AsSpan(1), out var level) ? level : 0;
}
