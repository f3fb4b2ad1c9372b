using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LayerStore.Bench.Measuring;

/// <summary>Writes what was measured as markdown (also printed) and as JSON.</summary>
internal static class Report
{
    public static (int Reached, int Judged) Write(BenchOptions options, IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("# LayerStore beside its peers").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}, {options.BackingText}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Load of the machine at the start and at the end: {options.LoadAtStart} and {BenchOptions.Load()}; above 1 others were at work, and times are rough.");
        text.AppendLine("Times are wall time, everybody in turns in one run after a warm-up. LayerStore's include the final syncfs.").AppendLine();
        text.AppendLine("## Goals").AppendLine().AppendLine("| work | goal | measured | |").AppendLine("|---|---|---|---|");
        var (reached, judged) = (0, 0);
        foreach (var row in rows)
        {
            foreach (var goal in row.Goals)
            {
                var verdict = goal.Judge(row);
                var reason = string.Join("; ", row.Samples.Where(s => !s.HasAny && (s.Name == goal.Ours || goal.Text.Contains(s.Name, StringComparison.Ordinal)))
                    .Select(s => $"{s.Name}: {s.Missing ?? "no runs"}"));
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name} | {goal.Ours}: {goal.Text} | {verdict?.Number ?? "not measured: " + reason} | {Mark(verdict?.Reached)} |");
                judged += verdict is null ? 0 : 1;
                reached += verdict is { Reached: true } ? 1 : 0;
            }

            foreach (var fact in row.Facts)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name}: {fact.Name} | {fact.Goal} | {fact.Value} | {Mark(fact.Reached)} |");
                judged++;
                reached += fact.Reached ? 1 : 0;
            }
        }

        text.AppendLine().AppendLine("## Times").AppendLine().AppendLine("| work | who | median | min | runs | remark |").AppendLine("|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            foreach (var s in row.Samples)
            {
                text.AppendLine(s.HasAny
                    ? $"| {row.Name} | {s.Name} | {Goal.Format(s.Median)} | {Goal.Format(s.Minimum)} | {s.Seconds.Count} | {s.Remark} |"
                    : $"| {row.Name} | {s.Name} | not measured | | | {s.Missing} |");
            }
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{reached} of {judged} goals reached.");
        Directory.CreateDirectory(options.Output);
        File.WriteAllText(Path.Combine(options.Output, "bench.md"), text.ToString());
        File.WriteAllBytes(Path.Combine(options.Output, "bench.json"), Json(rows));
        Console.WriteLine();
        Console.Write(text.ToString());
        Console.WriteLine($"bench: written to {Path.Combine(options.Output, "bench.md")} and bench.json");
        return (reached, judged);
    }

    private static byte[] Json(IReadOnlyList<Row> rows) => JsonSerializer.SerializeToUtf8Bytes(
        rows.Select(row => new
        {
            name = row.Name,
            work = row.Work,
            samples = row.Samples.Select(s => new { name = s.Name, seconds = s.Seconds, missing = s.Missing, remark = s.Remark }),
            goals = row.Goals.Select(goal => new { goal = goal.Text, ours = goal.Ours, measured = goal.Judge(row)?.Number, reached = goal.Judge(row)?.Reached }),
            facts = row.Facts.Select(fact => new { name = fact.Name, value = fact.Value, goal = fact.Goal, reached = fact.Reached }),
        }),
        JsonSerializerOptions.Web);

    private static string Mark(bool? reached) => reached switch { true => "reached", false => "**missed**", null => "–" };
}
