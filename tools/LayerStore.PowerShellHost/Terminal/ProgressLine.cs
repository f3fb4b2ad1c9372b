using System.Management.Automation;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>One progress record as one line: what runs, a bar, how far.</summary>
internal static class ProgressLine
{
    private const int ActivityWidth = 40;
    private const int BarWidth = 24;
    private const string Colour = "\e[33;1m";
    private const string Reset = "\e[0m";

    /// <summary>The line, cut so that it never wraps.</summary>
    public static string Render(ProgressRecord record, int depth, int width)
    {
        var activity = new string(' ', depth * 2) + OneLine(record.Activity);
        var status = OneLine(record.StatusDescription);
        if (!string.IsNullOrWhiteSpace(record.CurrentOperation))
        {
            status += "  " + OneLine(record.CurrentOperation);
        }

        var bar = record.PercentComplete is >= 0 and <= 100 ? Bar(record.PercentComplete) : string.Empty;
        var room = Math.Max(10, width - 1);
        var text = Cut(activity, ActivityWidth).PadRight(ActivityWidth) + bar + "  " + status;
        text = Cut(text, room);
        var painted = Math.Min(text.Length, ActivityWidth);
        return Colour + text[..painted] + Reset + text[painted..];
    }

    private static string Bar(int percent)
    {
        var full = percent * BarWidth / 100;
        return $" {new string('━', full)}{new string('─', BarWidth - full)} {percent,3}%";
    }

    private static string OneLine(string? text) => (text ?? string.Empty).ReplaceLineEndings(" ").Trim();

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
