using LayerStore.Drivers;

namespace LayerStore.Recommendation;

/// <summary>Something that is known of a driver.</summary>
/// <param name="Driver">The driver's name.</param>
/// <param name="Points">How much it speaks for the driver, or against it where negative.</param>
/// <param name="Text">The statement.</param>
/// <param name="For">The workloads that it matters for; for all where there are none.</param>
internal sealed record DriverStatement(string Driver, int Points, string Text, params StorageWorkload[] For)
{
    /// <summary>The check of the driver's probe that decides whether the statement is true here; null where it is true everywhere.</summary>
    public string? Check { get; init; }

    /// <summary>Whether the check must have passed, or failed.</summary>
    public bool Passed { get; init; } = true;

    /// <summary>What else must be true of the check, by what it found; null for nothing.</summary>
    public Func<ProbeCheck, bool>? Here { get; init; }

    /// <summary>True where it matters for one of <paramref name="workloads"/> and is true of what was found out.</summary>
    public bool Applies(StorageDriver driver, IReadOnlyCollection<StorageWorkload> workloads) =>
        Driver == driver.Name
        && (For.Length == 0 || For.Any(workloads.Contains))
        && (Check is null || driver.Checks.Any(check => check.Name == Check && check.Passed == Passed && Here?.Invoke(check) != false));
}
