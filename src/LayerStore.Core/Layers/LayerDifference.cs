using LayerStore.Drivers;

namespace LayerStore;

/// <summary>One path that differs between what two layers, each with all below it, show.</summary>
public sealed record LayerDifference
{
    /// <summary>What happened on the way from the reference to the difference.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The path: <c>/etc/passwd</c>. Bytes that are not UTF-8 are replaced; see <see cref="RawPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>The same path as bytes, without the leading slash.</summary>
    public required IReadOnlyList<byte> RawPath { get; init; }

    /// <summary>The id of the layer that is compared with.</summary>
    public required string ReferenceId { get; init; }

    /// <summary>The id of the layer that is compared.</summary>
    public required string DifferenceId { get; init; }

    /// <summary>The store that both live in.</summary>
    public required string Root { get; init; }

    /// <summary>As a line of <c>docker diff</c>, control characters escaped.</summary>
    public override string ToString() => $"{ContainerChange.Letter(Kind)} {Printable.Escape(Path)}";
}
