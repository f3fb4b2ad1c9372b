using System.Collections.Immutable;

namespace LayerStore.Tests.Environments;

/// <summary>A container as a guest made it before its power was cut.</summary>
/// <param name="Image">The image that it was made of.</param>
/// <param name="Files">The files that were durably written into it or its image.</param>
internal sealed record PowerCutContainer(string Image, ImmutableSortedSet<string> Files)
{
    /// <summary>Where it has a volume, in its root.</summary>
    public const string Data = "data";

    /// <summary>What a container with a limit may take, in bytes; more than devicemapper gives to every one.</summary>
    public const long Limit = 240 << 20;

    /// <summary>The volume that it has at <see cref="Data"/>; null where it has none.</summary>
    public string? Volume { get; init; }

    /// <summary>True where it has <see cref="Limit"/>.</summary>
    public bool Limited { get; init; }
}
