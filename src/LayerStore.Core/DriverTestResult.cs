using LayerStore.Drivers;

namespace LayerStore;

/// <summary>One check of a driver in a directory: what was tried and what came back.</summary>
public sealed record DriverTestResult
{
    /// <summary>The driver's name.</summary>
    public required string Driver { get; init; }

    /// <summary>What was checked, for example <c>d_type</c>.</summary>
    public required string Check { get; init; }

    /// <summary>Whether it works here.</summary>
    public required bool Passed { get; init; }

    /// <summary>Whether the driver cannot do without.</summary>
    public required bool Required { get; init; }

    /// <summary>What was tried and what came back.</summary>
    public required string Detail { get; init; }

    /// <summary>What would make it pass; empty where it passed.</summary>
    public required string Remedy { get; init; }

    /// <summary>The directory.</summary>
    public required string Path { get; init; }

    /// <summary>The checks of a probe, in their order.</summary>
    public static IEnumerable<DriverTestResult> From(ProbeReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Checks.Select(check => new DriverTestResult
        {
            Driver = report.Driver,
            Check = check.Name,
            Passed = check.Passed,
            Required = check.Required,
            Detail = check.Evidence,
            Remedy = check.Remedy,
            Path = report.Path,
        });
    }

    /// <summary><c>overlay2 d_type: passed</c>.</summary>
    public override string ToString() => $"{Driver} {Check}: {(Passed ? "passed" : "failed")}";
}
