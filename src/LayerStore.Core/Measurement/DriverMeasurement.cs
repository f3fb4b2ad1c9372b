namespace LayerStore;

/// <summary>How long a driver took for a workload. Times are those of one iteration.</summary>
public sealed record DriverMeasurement
{
    /// <summary>The driver's name.</summary>
    public required string Driver { get; init; }

    /// <summary>What was done.</summary>
    public required DriverWorkload Workload { get; init; }

    /// <summary>The median of the iterations.</summary>
    public required TimeSpan Median { get; init; }

    /// <summary>19 of 20 iterations took no longer; the longest where there were fewer.</summary>
    public required TimeSpan P95 { get; init; }

    /// <summary>How often it was measured.</summary>
    public required int Iterations { get; init; }

    /// <summary>How many files, containers or images one iteration worked on.</summary>
    public required int Operations { get; init; }

    /// <summary>Bytes that were imported, read or written, per second of the median; null where how much is moved is up to the driver.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>The file system's name, as Docker names it.</summary>
    public required string FileSystem { get; init; }

    /// <summary>The directory in which it was measured.</summary>
    public required string Path { get; init; }

    /// <summary><c>overlay2 CopyUpBigFile: 00:00:00.0123</c>.</summary>
    public override string ToString() => $"{Driver} {Workload}: {Median}";
}
