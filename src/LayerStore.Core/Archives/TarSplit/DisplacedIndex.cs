using LayerStore.Linux;

namespace LayerStore.Archives.TarSplit;

/// <summary>Finds out what became of a file of an archive after it was extracted.</summary>
internal sealed class DisplacedIndex
{
    // Each list ascends in time.
    private readonly Dictionary<byte[], List<DisplacedEvent>> _kept = new(NameComparer.Instance), _moves = new(NameComparer.Instance);

    public DisplacedIndex(IEnumerable<DisplacedEvent> events)
    {
        foreach (var what in events)
        {
            var index = what.MovedTo is null ? _kept : _moves;
            if (index.TryGetValue(what.Path, out var earlier))
                earlier.Add(what);
            else
                index.Add(what.Path, [what]);
        }
    }

    /// <summary>Where the content of a file was kept, or else where the file stands now.</summary>
    /// <param name="path">Where it was made.</param>
    /// <param name="time">When: the position of its object.</param>
    public (DisplacedEvent? Kept, byte[] Place) Find(byte[] path, long time)
    {
        while (true)
        {
            var kept = First(_kept.GetValueOrDefault(path), time);
            DisplacedEvent? move = null;
            var prefixes = _moves.GetAlternateLookup<ReadOnlySpan<byte>>();
            for (var slash = path.AsSpan().LastIndexOf((byte)'/'); slash > 0 && _moves.Count > 0; slash = path.AsSpan(0, slash).LastIndexOf((byte)'/'))
            {
                if (prefixes.TryGetValue(path.AsSpan(0, slash), out var moves) && First(moves, time) is { } other && (move is null || other.Time < move.Time))
                    move = other;
            }
            if (move is null || kept?.Time < move.Time)
                return (kept, path);
            path = [.. move.MovedTo!, .. path.AsSpan(move.Path.Length)];
            time = move.Time;
        }
    }

    private static DisplacedEvent? First(List<DisplacedEvent>? events, long after)
    {
        if (events is null)
            return null;
        var (low, high) = (0, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (events[middle].Time > after)
                high = middle;
            else
                low = middle + 1;
        }
        return low < events.Count ? events[low] : null;
    }
}
