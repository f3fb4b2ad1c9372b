using System.Globalization;

namespace LayerStore.Bench.Measuring;

/// <summary>What a row is to reach; judged by medians.</summary>
/// <param name="Ours">Which of our contenders is judged.</param>
/// <param name="Text">The goal as the project states it.</param>
/// <param name="Judge">Whether the row reaches it, and the number that says so; null where a contender is missing.</param>
internal sealed record Goal(string Ours, string Text, Func<Row, (bool Reached, string Number)?> Judge)
{
    /// <summary>Ours takes at most <paramref name="factor"/> times the peer's time.</summary>
    public static Goal AtMost(string ours, double factor, string peer) => new(ours, FormattableString.Invariant($"at most {factor} × {peer}"), row =>
        Ratio(row, ours, peer) is { } ratio ? (ratio <= factor, ratio.ToString("0.00", CultureInfo.InvariantCulture) + " ×") : null);

    /// <summary>The peer takes at least <paramref name="factor"/> times our time.</summary>
    public static Goal Faster(string ours, double factor, string peer) => new(ours, FormattableString.Invariant($"at least {factor} × faster than {peer}"), row =>
        Ratio(row, peer, ours) is { } ratio ? (ratio >= factor, ratio.ToString("0.0", CultureInfo.InvariantCulture) + " × faster") : null);

    /// <summary>Ours takes less than a fixed time.</summary>
    public static Goal Under(string ours, double seconds) => new(ours, $"under {Format(seconds)}", row =>
        row.Find(ours) is { HasAny: true } samples ? (samples.Median < seconds, Format(samples.Median)) : null);

    /// <summary>Ours takes at most so much more than the peer.</summary>
    public static Goal Within(string ours, double seconds, string peer) => new(ours, $"at most {peer} + {Format(seconds)}", row =>
        row.Find(ours) is { HasAny: true } a && row.Find(peer) is { HasAny: true } b
            ? (a.Median <= b.Median + seconds, (a.Median - b.Median >= 0 ? "+" : "") + Format(a.Median - b.Median))
            : null);

    /// <summary>A time as people read it.</summary>
    public static string Format(double seconds) => Math.Abs(seconds) switch
    {
        < 0.1 => (seconds * 1000).ToString("0.00", CultureInfo.InvariantCulture) + " ms",
        < 1 => (seconds * 1000).ToString("0", CultureInfo.InvariantCulture) + " ms",
        _ => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
    };

    private static double? Ratio(Row row, string above, string below) =>
        row.Find(above) is { HasAny: true } a && row.Find(below) is { HasAny: true } b ? a.Median / b.Median : null;
}
