using System.Diagnostics;

namespace LayerStore.Linux;

/// <summary>
/// Tries again what is in use for an instant: a process that is being started holds every open file until it runs its program, and a scanner may look at something new.
/// </summary>
internal static class BusyRetry
{
    /// <summary>Long enough for what is only passing.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(500);

    /// <summary>Does it, and again as long as the result is <paramref name="busy"/> and the time is not over.</summary>
    /// <param name="attempt">What is tried.</param>
    /// <param name="busy">The result that may change.</param>
    /// <param name="patience">For how long.</param>
    /// <param name="pauseMilliseconds">Between two attempts.</param>
    /// <returns>The last result.</returns>
    public static T Run<T>(Func<T> attempt, T busy, TimeSpan patience, int pauseMilliseconds = 5) where T : struct
    {
        var result = attempt();
        for (var since = Stopwatch.StartNew(); EqualityComparer<T>.Default.Equals(result, busy) && since.Elapsed < patience; result = attempt())
            Thread.Sleep(pauseMilliseconds);
        return result;
    }
}
