using System.Globalization;

namespace LayerStore;

/// <summary>Times that were measured, as people read them: three digits and the unit that suits.</summary>
public static class ShortDuration
{
    private static readonly (string Unit, double Seconds)[] s_units = [("µs", 1e-6), ("ms", 1e-3), ("s", 1)];

    /// <summary><c>12.3 ms</c>, in any culture.</summary>
    public static string Format(TimeSpan time)
    {
        var (unit, seconds) = UnitOf(time);
        var value = time.TotalSeconds / seconds;
        return value.ToString(value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>The greatest unit that is not longer than the time.</summary>
    internal static (string Unit, double Seconds) UnitOf(TimeSpan time) =>
        Array.FindLast(s_units, unit => time.TotalSeconds >= unit.Seconds) is { Unit: not null } found ? found : s_units[0];
}
