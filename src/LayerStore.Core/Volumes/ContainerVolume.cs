namespace LayerStore;

/// <summary>A volume: a directory whose files outlive the containers that have it. Times are UTC, sizes bytes.</summary>
public sealed record ContainerVolume
{
    /// <summary>The name, unique in its store; 64 hexadecimal digits where nobody gave one.</summary>
    public required string Name { get; init; }

    /// <summary>Docker's name of how it is kept: <c>local</c>, a directory of this machine.</summary>
    public string Driver { get; } = "local";

    /// <summary>The directory with its files.</summary>
    public required string Mountpoint { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public required DateTime Created { get; init; }

    /// <summary>True where nobody named it: it was made for one container, and can go with it.</summary>
    public required bool Anonymous { get; init; }

    /// <summary>The labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The names of the containers that have it, mounted or not.</summary>
    public required IReadOnlyList<string> UsedBy { get; init; }

    /// <summary>Bytes that it may take, by the file system's count; null where it has no limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>What it holds by Docker's count (lengths of files, hard links once), in bytes; null where it was not asked for.</summary>
    public long? Size { get; init; }

    /// <summary>Its files, directories and links; null where it was not asked for.</summary>
    public long? Inodes { get; init; }

    /// <summary>Bytes that the file system allocated to it; null where it was not asked for.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The store that it is in.</summary>
    public required string Root { get; init; }

    /// <summary>The name, so that a volume in a string reads well.</summary>
    public override string ToString() => Name;
}
