using System.Text;
using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>Collects changes, and gives them back as <c>docker diff</c> does: with every directory on the way to them, sorted by path.</summary>
internal sealed class ChangeList
{
    private readonly Dictionary<byte[], ChangeKind> _changes = new(NameComparer.Instance);

    /// <summary>Notes a change; the path is relative to the root.</summary>
    public void Add(ChangeKind kind, byte[] path) => _changes[path] = kind;

    /// <summary>How many there are.</summary>
    public int Count => _changes.Count;

    /// <summary>Every change. A directory in which something changed is itself modified; the root is never named.</summary>
    public IReadOnlyList<LayerChange> ToSorted()
    {
        // Names of one directory mostly follow each other: it is noted once.
        ReadOnlySpan<byte> noted = default;
        foreach (var path in _changes.Keys.ToArray())
        {
            var slash = path.AsSpan().LastIndexOf((byte)'/');
            if (slash <= 0 || path.AsSpan(0, slash).SequenceEqual(noted))
                continue;
            noted = path.AsSpan(0, slash);
            for (; slash > 0; slash = path.AsSpan(0, slash).LastIndexOf((byte)'/'))
            {
                if (!_changes.TryAdd(path[..slash], ChangeKind.Modified))
                    break; // Its own directories are noted already, or will be.
            }
        }
        var sorted = _changes.ToArray();
        Array.Sort(sorted, (one, other) => NameComparer.Instance.Compare(one.Key, other.Key));
        return Array.ConvertAll(sorted, change => new LayerChange(change.Value, "/" + Encoding.UTF8.GetString(change.Key), change.Key));
    }
}
