namespace LayerStore;

/// <summary>What was copied into or out of a container.</summary>
public sealed record ContainerFileCopy
{
    /// <summary>Where the copy stands: a path of this machine, or one in the container where <see cref="ToContainer"/> is true.</summary>
    public required string FullName { get; init; }

    /// <summary>What was copied, as it was named.</summary>
    public required string Source { get; init; }

    /// <summary>True where the container got it.</summary>
    public required bool ToContainer { get; init; }

    /// <summary>Files, directories, links and all else that was written, the topmost included.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes of the files' contents.</summary>
    public required long Size { get; init; }

    /// <summary>What was left out and why, the first 100; control characters escaped.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>How many entries were left out.</summary>
    public required long SkippedCount { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The store that the container lives in.</summary>
    public required string Root { get; init; }

    /// <summary>The path, control characters escaped.</summary>
    public override string ToString() => Printable.Escape(FullName);
}
