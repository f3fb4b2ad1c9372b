namespace LayerStore.Bench.Measuring;

/// <summary>The times of one contender in one row, in seconds.</summary>
internal sealed class Samples(string name, string remark)
{
    private readonly List<double> _seconds = [];

    public string Name => name;

    public string Remark => remark;

    /// <summary>Why there are none; null where there are.</summary>
    public string? Missing { get; set; }

    public IReadOnlyList<double> Seconds => _seconds;

    public bool HasAny => Missing is null && _seconds.Count > 0;

    public double Median => Quantile(0.5);

    public double Minimum => _seconds.Min();

    public void Add(double seconds) => _seconds.Add(seconds);

    private double Quantile(double at)
    {
        var sorted = _seconds.Order().ToList();
        var position = at * (sorted.Count - 1);
        var below = (int)position;
        return below + 1 < sorted.Count ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
