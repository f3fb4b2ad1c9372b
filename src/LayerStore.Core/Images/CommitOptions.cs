namespace LayerStore.Images;

/// <summary>How a container becomes an image.</summary>
public sealed record CommitOptions
{
    /// <summary>The names of the new image; none leaves it without one.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Who made it; null says nothing.</summary>
    public string? Author { get; init; }

    /// <summary>What was done: the comment of the history's new entry.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Changes to the configuration as lines of a Dockerfile: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR.
    /// </summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>True for one layer with everything, instead of one more on top of the container's image.</summary>
    public bool Squash { get; init; }

    /// <summary>
    /// True to remove the container when the image is made. Where the driver can (<see cref="Drivers.DriverFeatures.TakesOver"/>), and without <see cref="Squash"/>, its layer becomes the image's and nothing is copied.
    /// </summary>
    public bool RemoveContainer { get; init; }

    /// <summary>When it was made; null for now. The layer's own bytes do not depend on it.</summary>
    public DateTime? Created { get; init; }
}
