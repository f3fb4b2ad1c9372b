namespace LayerStore.Images;

/// <summary>Lets a report of progress pass ten times a second at most: whoever looks sees no more, and each costs the worker something.</summary>
internal sealed class ReportInterval
{
    private const long Milliseconds = 100;

    private long _next;

    /// <summary>True where it is time for the next one.</summary>
    public bool HasPassed()
    {
        var now = Environment.TickCount64;
        if (now < _next)
            return false;
        _next = now + Milliseconds;
        return true;
    }
}
