using LayerStore.Archives.Tar;
using LayerStore.Linux;

namespace LayerStore.Archives.Extraction;

/// <summary>
/// What an extraction must remember beyond what stands on disk, all of it rare: directories that nobody described, hard links into lower layers, and
/// names that were both whited out and made. Paths are clean and free of symbolic links.
/// </summary>
internal sealed class LayerNotes(ExtractionLimits limits)
{
    // What a path costs beyond its bytes.
    private const int Overhead = 64;

    private long _remembered;

    private readonly SortedDictionary<byte[], byte[]> _pendingLinks = new(NameComparer.Instance);
    private readonly SortedSet<byte[]> _pendingPaths = new(NameComparer.Instance);
    private readonly SortedSet<byte[]> _implied = new(NameComparer.Instance);
    private readonly SortedSet<byte[]> _whitedOut = new(NameComparer.Instance);

    public bool HasPendingLinks => _pendingLinks.Count > 0;

    public void AddImplied(ReadOnlySpan<byte> path)
    {
        Remember(path.Length);
        _implied.Add(path.ToArray());
    }

    /// <summary>An entry described the directory.</summary>
    public void Described(ReadOnlySpan<byte> path)
    {
        if (_implied.Count > 0)
            _implied.Remove(path.ToArray());
    }

    public void AddPendingLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        Remember(path.Length + target.Length);
        var key = path.ToArray();
        _pendingLinks[key] = target.ToArray();
        _pendingPaths.Add(key);
    }

    /// <summary>The target of a pending link, or null.</summary>
    public byte[]? PendingTarget(ReadOnlySpan<byte> path) =>
        _pendingLinks.Count > 0 ? _pendingLinks.GetValueOrDefault(path.ToArray()) : null;

    /// <summary>An entry takes the place of a pending link.</summary>
    public void DropPendingLink(ReadOnlySpan<byte> path)
    {
        if (_pendingLinks.Count > 0 && _pendingLinks.Remove(path.ToArray()))
            _pendingPaths.Remove(path.ToArray());
    }

    /// <summary>Remembers a whiteout of a name that this layer has as something other than a directory.</summary>
    public void AddWhitedOut(ReadOnlySpan<byte> path)
    {
        Remember(path.Length);
        _whitedOut.Add(path.ToArray());
    }

    /// <summary>True where a whiteout of the name was seen: a directory there hides what the layers below have.</summary>
    public bool TakeWhitedOut(ReadOnlySpan<byte> path) => _whitedOut.Count > 0 && _whitedOut.Remove(path.ToArray());

    /// <summary>Forgets everything below a directory that is gone.</summary>
    public void ForgetBelow(ReadOnlySpan<byte> directory)
    {
        foreach (var paths in (ReadOnlySpan<SortedSet<byte[]>>)[_implied, _whitedOut, _pendingPaths])
        {
            foreach (var path in Below(paths, directory))
            {
                paths.Remove(path);
                _pendingLinks.Remove(path);
            }
        }
    }

    public IReadOnlyList<byte[]> Implied() => [.. _implied];

    public IReadOnlyList<PendingLink> PendingLinks() => [.. _pendingLinks.Select(link => new PendingLink(link.Key, link.Value))];

    /// <summary>A small archive could otherwise make long lists: each entry may need a thousand directories that nobody described.</summary>
    private void Remember(int bytes)
    {
        _remembered += bytes + Overhead;
        if (_remembered > limits.MaxRememberedBytes)
        {
            throw ArchiveErrors.LimitExceeded(
                null, "needs too many directories that it does not describe, or hard links into lower layers", nameof(limits.MaxRememberedBytes), limits.MaxRememberedBytes);
        }
    }

    private static List<byte[]> Below(SortedSet<byte[]> paths, ReadOnlySpan<byte> directory)
    {
        if (paths.Count == 0)
            return [];
        // '0' follows '/': between them lies what begins with "directory/"; the bound itself is another name.
        byte[] first = [.. directory, (byte)'/'], end = [.. directory, (byte)'0'];
        return [.. paths.GetViewBetween(first, end).Where(path => path.AsSpan().StartsWith(first))];
    }
}
