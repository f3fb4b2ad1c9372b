using System.Diagnostics;

namespace LayerStore.Measurement;

/// <summary>The times of one driver's workloads.</summary>
internal sealed class Samples
{
    private readonly Dictionary<DriverWorkload, List<TimeSpan>> _times = [];

    /// <summary>Does something and remembers how long it took.</summary>
    public T Time<T>(DriverWorkload workload, Func<T> action)
    {
        var start = Stopwatch.GetTimestamp();
        var result = action();
        var time = Stopwatch.GetElapsedTime(start);
        if (!_times.TryGetValue(workload, out var times))
            _times.Add(workload, times = []);
        times.Add(time);
        return result;
    }

    /// <summary>Each workload with its times, shortest first.</summary>
    public IEnumerable<(DriverWorkload Workload, IReadOnlyList<TimeSpan> Times)> All() =>
        _times.OrderBy(pair => pair.Key).Select(pair => (pair.Key, (IReadOnlyList<TimeSpan>)[.. pair.Value.Order()]));

    /// <summary>The median: of an even number the mean of the two in the middle.</summary>
    public static TimeSpan Median(IReadOnlyList<TimeSpan> sorted) => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;

    /// <summary>The smallest time that at least so much of all does not exceed (nearest rank).</summary>
    public static TimeSpan Percentile(IReadOnlyList<TimeSpan> sorted, double part) => sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Count) - 1, 0, sorted.Count - 1)];
}
