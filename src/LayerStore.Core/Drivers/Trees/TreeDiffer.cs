using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Compares two plain trees as Docker does for drivers without an upper directory: by kind, mode, owner and device number, files also by
/// length and modification time (to the nanosecond). A rewrite that keeps length and time is not seen; change times say nothing between a tree and its copy.
/// </summary>
internal sealed unsafe class TreeDiffer
{
    private static readonly bool s_root = Libc.Geteuid() == 0;

    private readonly ChangeList _changes = new();
    private readonly HashSet<ulong> _linked = [], _linkedChanged = [];
    private readonly StatxTimestamp? _since;
    private readonly Lock _lock = new();
    private long _bytes, _blocks;
    private int _repeatedLinks;

    private TreeDiffer(StatxTimestamp? since) => _since = since;

    /// <summary>Every change, sorted by path.</summary>
    public IReadOnlyList<LayerChange> Changes => _changes.ToSorted();

    /// <summary>What was added or modified, by Docker's rules; the allocated bytes are those of the whole tree, which is a copy.</summary>
    public Usage Usage => new(_bytes, _changes.ToSorted().Count - _repeatedLinks, _blocks * 512);

    /// <summary>Compares.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="parent">What it is a changed copy of; null for nothing.</param>
    /// <param name="since">When the copy was made: extended attributes are compared only of files whose inode changed since. Null not to compare them.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public static TreeDiffer Compare(string tree, string? parent, StatxTimestamp? since, CancellationToken cancellation)
    {
        using var upper = DirectoryHandle.Open(tree);
        using var lower = parent is null ? null : DirectoryHandle.Open(parent);
        var differ = new TreeDiffer(since);
        WorkPile<DirectoryPair>.Run(
            new DirectoryPair(new TreeDirectory(upper), lower is null ? null : new TreeDirectory(lower), []), differ.CompareDirectory, cancellation);
        return differ;
    }

    private void CompareDirectory(DirectoryPair at, WorkPile<DirectoryPair> pile)
    {
        var parentNames = at.Parent is null ? null : Names(at.Parent);
        var lookup = parentNames?.GetAlternateLookup<ReadOnlySpan<byte>>();
        using var parent = at.Parent?.TryOpen();
        using var handle = at.Tree.TryOpen();
        var changes = new List<(ChangeKind, byte[])>();
        long bytes = 0, blocks = 0;
        if (handle is not null)
        {
            using var reader = new DirectoryReader(handle.Descriptor());
            while (reader.Next())
            {
                if (!TryStat(handle.Descriptor(), reader.Name, out var data))
                    continue;
                var inParent = lookup is { } names && names.Remove(reader.Name);
                StatxData old = default;
                inParent = inParent && TryStat(parent!.Descriptor(), reader.Name, out old);
                var kind = !inParent ? ChangeKind.Added : Differs(at, reader.Name, data, old) ? ChangeKind.Modified : (ChangeKind?)null;
                if (kind is { } change)
                    changes.Add((change, FileName.Join(at.Path, reader.Name)));
                if (data.IsDirectory)
                {
                    var both = inParent && old.IsDirectory;
                    pile.Push(new DirectoryPair(at.Tree.Child(reader.Name), both ? at.Parent!.Child(reader.Name) : null, FileName.Join(at.Path, reader.Name)));
                    blocks += (long)data.Blocks;
                }
                else if (data.LinkCount == 1)
                {
                    blocks += (long)data.Blocks;
                    if (kind is not null && (data.IsRegular || data.IsSymlink))
                        bytes += (long)data.Size;
                }
                else
                    CountLinked(data, kind is not null);
            }
        }
        lock (_lock)
        {
            _bytes += bytes;
            _blocks += blocks;
            foreach (var (kind, path) in changes)
                _changes.Add(kind, path);
            foreach (var name in parentNames ?? [])
                _changes.Add(ChangeKind.Deleted, FileName.Join(at.Path, name));
        }
    }

    private void CountLinked(in StatxData data, bool changed)
    {
        lock (_lock)
        {
            // Unchanged names are counted apart from changed ones: a new name for an old file is a change, and counts its length.
            var first = _linked.Add(data.Inode);
            if (first)
                _blocks += (long)data.Blocks;
            if (!changed)
                return;
            if (!_linkedChanged.Add(data.Inode))
                _repeatedLinks++;
            else if (data.IsRegular || data.IsSymlink)
                _bytes += (long)data.Size;
        }
    }

    private bool Differs(DirectoryPair at, ReadOnlySpan<byte> name, in StatxData data, in StatxData old)
    {
        if (data.Mode != old.Mode || data.Uid != old.Uid || data.Gid != old.Gid || data.DeviceMajor != old.DeviceMajor || data.DeviceMinor != old.DeviceMinor)
            return true;
        if (!data.IsDirectory && (data.Size != old.Size || data.ModificationTime.Seconds != old.ModificationTime.Seconds
            || data.ModificationTime.Nanoseconds != old.ModificationTime.Nanoseconds))
            return true;

        // An ordinary user's tree keeps owners and devices in an attribute.
        return (!s_root || ChangedSinceCopy(data)) && AttributesDiffer(at.Tree.ProcPath(name), at.Parent!.ProcPath(name));
    }

    private bool ChangedSinceCopy(in StatxData data) => _since is { } since
        && (data.ChangeTime.Seconds, data.ChangeTime.Nanoseconds).CompareTo((since.Seconds, since.Nanoseconds)) >= 0;

    private static bool AttributesDiffer(byte[] path, byte[] oldPath)
    {
        var names = ExtendedAttributes.List(path);
        if (names.Count != ExtendedAttributes.List(oldPath).Count)
            return true;
        foreach (var name in names)
        {
            var terminated = FileName.Terminated(name);
            if (!ExtendedAttributes.Get(path, terminated).AsSpan().SequenceEqual(ExtendedAttributes.Get(oldPath, terminated)))
                return true;
        }
        return false;
    }

    private static bool TryStat(int directory, ReadOnlySpan<byte> name, out StatxData data)
    {
        fixed (byte* path = name) // From a directory's record, which ends with NUL.
        fixed (StatxData* result = &data)
        {
            if (Libc.Statx(directory, path, Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_STATX_DONT_SYNC, Libc.STATX_BASIC_STATS, result) == 0)
                return true;
        }
        return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Errno.ENOENT ? false : throw LinuxError.Last("look at", Printable.Escape(name));
    }

    private static HashSet<byte[]> Names(TreeDirectory directory)
    {
        var names = new HashSet<byte[]>(NameComparer.Instance);
        using var handle = directory.TryOpen();
        if (handle is null)
            return names;
        using var reader = new DirectoryReader(handle.Descriptor());
        while (reader.Next())
            names.Add(reader.Name.ToArray());
        return names;
    }

    private sealed record DirectoryPair(TreeDirectory Tree, TreeDirectory? Parent, byte[] Path);
}
