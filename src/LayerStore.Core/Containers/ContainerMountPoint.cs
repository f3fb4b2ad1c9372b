namespace LayerStore;

/// <summary>What a container has at a path of its own: a volume, or a directory of this machine.</summary>
public sealed record ContainerMountPoint
{
    /// <summary>Docker's word for it: <c>volume</c> or <c>bind</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The volume's name; empty for a directory of this machine.</summary>
    public required string VolumeName { get; init; }

    /// <summary>The directory that is shown.</summary>
    public required string Source { get; init; }

    /// <summary>The path in the container.</summary>
    public required string Destination { get; init; }

    /// <summary>True where every write fails.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>The store that the container lives in.</summary>
    public required string Root { get; init; }

    /// <summary>As it is written: <c>db:/data:ro</c>.</summary>
    public override string ToString() => $"{(VolumeName.Length > 0 ? VolumeName : Printable.Escape(Source))}:{Printable.Escape(Destination)}{(ReadOnly ? ":ro" : "")}";
}
