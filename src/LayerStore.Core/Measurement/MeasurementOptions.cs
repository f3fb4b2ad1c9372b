namespace LayerStore.Measurement;

/// <summary>What is measured, how often, and with how much.</summary>
public sealed record MeasurementOptions
{
    /// <summary>The workloads; all of them where nothing is said.</summary>
    public IReadOnlyCollection<DriverWorkload> Workloads { get; init; } = Enum.GetValues<DriverWorkload>();

    /// <summary>How often each is done.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>Layers of the image.</summary>
    public int LayerCount { get; init; } = 4;

    /// <summary>How many small files are changed, made, deleted.</summary>
    public int FileCount { get; init; } = 200;

    /// <summary>Bytes of a small file.</summary>
    public int FileBytes { get; init; } = 4096;

    /// <summary>Bytes of the big file, which is in the topmost layer.</summary>
    public int BigFileBytes { get; init; } = 16 << 20;

    /// <summary>How many containers are many.</summary>
    public int ContainerCount { get; init; } = 10;

    /// <summary>Options by Docker's names; each driver gets those that it knows.</summary>
    public DriverOptions DriverOptions { get; init; } = [];

    /// <summary>Bytes of the image's files.</summary>
    internal long ImageBytes => BigFileBytes + 2 * SmallBytes;

    /// <summary>Bytes of the small files that are changed.</summary>
    internal long SmallBytes => (long)FileCount * FileBytes;

    /// <summary>Bytes that a driver may need at once which copies every layer and every container; and as much again for the image's archive and for what is written.</summary>
    internal long BytesNeeded => ImageBytes * (4 + ContainerCount) + 2 * SmallBytes * LayerCount;
}
