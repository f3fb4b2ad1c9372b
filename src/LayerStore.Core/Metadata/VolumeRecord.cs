namespace LayerStore.Metadata;

/// <summary>A volume as the database knows it.</summary>
internal sealed record VolumeRecord
{
    public required string Name { get; init; }

    public required VolumeState State { get; init; }

    /// <summary>True where nobody named it: made for one container.</summary>
    public required bool Anonymous { get; init; }

    public required DateTime Created { get; init; }

    /// <summary>The bytes that it may take; null without a limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>Who is making, filling or removing it.</summary>
    public long? Owner { get; init; }

    /// <summary>True where users see it.</summary>
    public bool Exists => State is VolumeState.Ready or VolumeState.Filling;
}

/// <summary>Where a volume is in its life; the numbers stand in the database.</summary>
internal enum VolumeState
{
    /// <summary>Its directory is being made; whoever finds it with a dead owner removes it.</summary>
    Creating = 0,

    /// <summary>It can be used.</summary>
    Ready = 1,

    /// <summary>Its directory is being deleted; whoever finds it with a dead owner goes on.</summary>
    Removing = 2,

    /// <summary>What it is to hold is being written beside what it holds; whoever finds it with a dead owner drops the new.</summary>
    Filling = 3,
}

/// <summary>A container that has a volume.</summary>
/// <param name="ContainerName">The container's name.</param>
/// <param name="Mount">The container's own mount as it is written down; null where there is none.</param>
internal sealed record VolumeUser(string ContainerName, MountRecord? Mount);
