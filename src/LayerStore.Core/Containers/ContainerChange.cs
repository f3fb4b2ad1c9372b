using LayerStore.Drivers;

namespace LayerStore;

/// <summary>One path that a container changed, as a line of <c>docker diff</c>.</summary>
public sealed record ContainerChange
{
    /// <summary>What happened to it.</summary>
    public required ChangeKind Kind { get; init; }

    /// <summary>The path inside the container: <c>/etc/passwd</c>. Bytes that are not UTF-8 are replaced; see <see cref="RawPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>The same path as bytes, without the leading slash.</summary>
    public required IReadOnlyList<byte> RawPath { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The store that it lives in.</summary>
    public required string Root { get; init; }

    /// <summary>Docker's letter for the kind: A, C or D.</summary>
    public static char Letter(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => 'A',
        ChangeKind.Modified => 'C',
        _ => 'D',
    };

    /// <summary>The line of <c>docker diff</c>, control characters escaped.</summary>
    public override string ToString() => $"{Letter(Kind)} {Printable.Escape(Path)}";
}
