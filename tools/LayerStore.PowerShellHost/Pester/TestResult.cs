namespace LayerStore.PowerShellHost.Pester;

/// <summary>What a test came to.</summary>
/// <param name="File">Path of the test file.</param>
/// <param name="Name">The names of the blocks and of the test, joined by dots, expanded.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">Why it failed or was skipped.</param>
/// <param name="Trace">Where it failed, one line a call.</param>
/// <param name="Duration">Time of the test with its BeforeEach and AfterEach.</param>
internal sealed record TestResult(string File, string Name, TestOutcome Outcome, string? Message, string? Trace, TimeSpan Duration);
