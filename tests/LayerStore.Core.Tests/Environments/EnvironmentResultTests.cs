namespace LayerStore.Tests.Environments;

/// <summary>An environment's line says no better than it was.</summary>
public sealed class EnvironmentResultTests
{
    private static readonly string s_class = typeof(EnvironmentResultTests).FullName!;
    private static readonly DriverEnvironment s_environment = new(new DriverEnvironmentAttribute("driver", "something"), [typeof(EnvironmentResultTests)]);

    [Fact]
    public void Tests_are_counted_by_how_they_ended()
    {
        var result = Of([Case("a", CaseResult.Started), Case("a", CaseResult.Passed), Case("b", CaseResult.Failed), Case("c", CaseResult.Skipped)], null);
        Assert.Equal((1, 1, 1), (result.Passed, result.Failed, result.Skipped));
        Assert.Equal("driver on something", result.Title);
    }

    [Fact]
    public void A_test_in_which_the_run_died_has_failed()
    {
        var result = Of([Case("a", CaseResult.Passed), Case("b", CaseResult.Started)], "exit code 124");
        Assert.Equal((1, 1), (result.Passed, result.Failed));
        Assert.Contains("exit code 124", result.Cases.Single(one => one.Name == "b").Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_environment_of_which_nothing_ran_though_the_machine_has_it_has_failed(bool skipped)
    {
        var result = Of(skipped ? [Case("a", CaseResult.Skipped)] : [], "it ended");
        Assert.Equal((0, 1), (result.Passed, result.Failed));
    }

    [Fact]
    public void Tests_of_other_environments_are_not_its_own_but_what_fails_outside_of_every_class_is()
    {
        var result = Of([Case("a", CaseResult.Passed), Case("x", CaseResult.Failed) with { Class = "Other" }, Case("y", CaseResult.Failed) with { Class = "" }], null);
        Assert.Equal((1, 1), (result.Passed, result.Failed));
    }

    private static EnvironmentResult Of(IReadOnlyList<CaseResult> report, string? ended) => EnvironmentResult.Of(s_environment, report, ended);

    private static CaseResult Case(string name, string outcome) => new(s_class, name, outcome, 0, null);
}
