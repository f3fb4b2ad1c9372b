namespace LayerStore;

/// <summary>What is to be said for and against a driver for a workload, in one place.</summary>
public sealed record DriverRecommendation
{
    /// <summary>1 is best.</summary>
    public required int Rank { get; init; }

    /// <summary>The driver's name.</summary>
    public required string Driver { get; init; }

    /// <summary>From 0 to 100; 0 for what does not work here.</summary>
    public required int Score { get; init; }

    /// <summary>True where the driver can be used here for the workload.</summary>
    public required bool Supported { get; init; }

    /// <summary>What speaks for it, the weightiest first.</summary>
    public required IReadOnlyList<string> Reason { get; init; }

    /// <summary>What speaks against it, the weightiest first.</summary>
    public required IReadOnlyList<string> Caveat { get; init; }

    /// <summary>What the store is used for.</summary>
    public required StorageWorkload Workload { get; init; }

    /// <summary>The root that was asked about.</summary>
    public required string Root { get; init; }

    /// <summary><c>1. overlay2 (85)</c>.</summary>
    public override string ToString() => $"{Rank}. {Driver} ({Score})";
}
