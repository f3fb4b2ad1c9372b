namespace LayerStore.Tests.Environments;

/// <summary>What the tests of an environment gave.</summary>
/// <param name="Title">The environment, as <c>zfs on OpenZFS 2.1 in guest</c>.</param>
/// <param name="When">When they really ran.</param>
/// <param name="Cases">The tests.</param>
internal sealed record EnvironmentResult(string Title, DateTimeOffset When, IReadOnlyList<CaseResult> Cases)
{
    /// <summary>True where this was remembered of an earlier run with all the same inputs.</summary>
    public bool Remembered { get; init; }

    public int Passed => Count(CaseResult.Passed);

    public int Failed => Count(CaseResult.Failed);

    public int Skipped => Count(CaseResult.Skipped);

    public double Seconds => Cases.Sum(result => result.Seconds);

    /// <summary>The result of an environment that this machine cannot have.</summary>
    public static EnvironmentResult Unavailable(DriverEnvironment environment, string reason) => new(environment.Title, DateTimeOffset.Now,
        [new CaseResult(environment.Classes[0].FullName!, environment.Title, CaseResult.Skipped, 0, reason)]);

    /// <summary>Picks an environment's results out of a report.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="report">All that was reported.</param>
    /// <param name="ended">How the run ended where it did not end well.</param>
    public static EnvironmentResult Of(DriverEnvironment environment, IReadOnlyList<CaseResult> report, string? ended)
    {
        var classes = environment.Classes.Select(type => type.FullName).ToHashSet();
        var mine = report.Where(result => classes.Contains(result.Class) || result.Class.Length == 0).ToList();
        var cases = mine.Where(result => result.Outcome != CaseResult.Started).ToList();
        foreach (var died in mine.Where(result => result.Outcome == CaseResult.Started && !cases.Exists(one => one.Class == result.Class && one.Name == result.Name)))
            cases.Add(died with { Outcome = CaseResult.Failed, Why = $"The run ended in it: {ended}" });

        // The machine has all that the environment needs: where it skips everything, it is the environment that is broken.
        if (!cases.Exists(result => result.Outcome is CaseResult.Passed or CaseResult.Failed))
            cases.Add(new CaseResult(environment.Classes[0].FullName!, environment.Title, CaseResult.Failed, 0, $"No test of it was run. {ended}"));
        return new EnvironmentResult(environment.Title, DateTimeOffset.Now, cases);
    }

    private int Count(string outcome) => Cases.Count(result => result.Outcome == outcome);
}
