using System.Text.Json;

namespace LayerStore.Tests.Environments;

/// <summary>How a test went; a line of a report.</summary>
/// <param name="Class">The full name of its class.</param>
/// <param name="Name">Its name as xunit gives it.</param>
/// <param name="Outcome"><see cref="Started"/>, <see cref="Passed"/>, <see cref="Failed"/> or <see cref="Skipped"/>.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Why">Why it failed or was skipped.</param>
internal sealed record CaseResult(string Class, string Name, string Outcome, double Seconds, string? Why)
{
    /// <summary>Stands in a report before the test's end, and alone where the run died in it.</summary>
    public const string Started = "started";
    public const string Passed = "passed";
    public const string Failed = "failed";
    public const string Skipped = "skipped";

    public static CaseResult Parse(string line) => JsonSerializer.Deserialize<CaseResult>(line)!;

    public string ToLine() => JsonSerializer.Serialize(this);
}
