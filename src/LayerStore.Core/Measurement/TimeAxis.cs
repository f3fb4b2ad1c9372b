using System.Globalization;

namespace LayerStore.Measurement;

/// <summary>An axis of times from zero: its unit, its end and its marks, at round numbers.</summary>
internal sealed class TimeAxis
{
    private const int Marks = 5;

    private readonly double _unit;
    private readonly double _step;

    /// <summary>An axis on which <paramref name="longest"/> has its place.</summary>
    public TimeAxis(TimeSpan longest)
    {
        (Unit, _unit) = ShortDuration.UnitOf(longest);
        var rough = Math.Max(longest.TotalSeconds / _unit, 1e-3) / Marks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        _step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        End = _step * Math.Ceiling(longest.TotalSeconds / _unit / _step);
        if (End <= 0)
            End = _step;
    }

    /// <summary>The unit's name.</summary>
    public string Unit { get; }

    /// <summary>Where the axis ends, in its unit.</summary>
    public double End { get; }

    /// <summary>Where the marks are, as parts of the axis, and what stands at them.</summary>
    public IEnumerable<(double Part, string Label)> Ticks()
    {
        for (var i = 0; i * _step <= End * 1.0001; i++)
            yield return (i * _step / End, (i * _step).ToString("0.###", CultureInfo.InvariantCulture));
    }

    /// <summary>A time's place, as a part of the axis.</summary>
    public double PartOf(TimeSpan time) => time.TotalSeconds / _unit / End;
}
