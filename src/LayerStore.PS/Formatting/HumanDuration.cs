using System.Globalization;

namespace LayerStore.PS.Formatting;

/// <summary>Durations in Docker's words.</summary>
internal static class HumanDuration
{
    private const int Day = 24;
    private const int Week = 7 * Day;
    private const int Month = 30 * Day;
    private const int Year = 365 * Day;

    internal static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var minutes = (long)duration.TotalMinutes;
        // Docker rounds hours to the nearest, everything else down.
        var hours = (long)(duration.TotalHours + 0.5);
        return (seconds, minutes, hours) switch
        {
            ( < 1, _, _) => "Less than a second",
            (1, _, _) => "1 second",
            ( < 60, _, _) => Count(seconds, "seconds"),
            (_, 1, _) => "About a minute",
            (_, < 60, _) => Count(minutes, "minutes"),
            (_, _, 1) => "About an hour",
            (_, _, < 2 * Day) => Count(hours, "hours"),
            (_, _, < 2 * Week) => Count(hours / Day, "days"),
            (_, _, < 2 * Month) => Count(hours / Week, "weeks"),
            (_, _, < 2 * Year) => Count(hours / Month, "months"),
            _ => Count((long)duration.TotalHours / Year, "years"),
        };
    }

    private static string Count(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}");
}
