using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

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
    private readonly ChangedInodes? _touched;
    private readonly bool _isSnapshot;
    private readonly Lock _lock = new();
    private long _bytes, _blocks;
    private int _repeatedLinks;

    private TreeDiffer(StatxTimestamp? since, ChangedInodes? touched, bool isSnapshot = false) => (_since, _touched, _isSnapshot) = (since, touched, isSnapshot);

    /// <summary>Every change, sorted by path.</summary>
    public IReadOnlyList<LayerChange> Changes => _changes.ToSorted();

    /// <summary>What was added or modified, by Docker's rules; the allocated bytes are those of the whole tree, which is a copy, and nobody's of a snapshot.</summary>
    public Usage Usage => new(_bytes, _changes.ToSorted().Count - _repeatedLinks, _touched is null && !_isSnapshot ? _blocks * 512 : null);

    /// <summary>Compares.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="parent">What it is a changed copy of; null for nothing.</param>
    /// <param name="since">When the copy was made: extended attributes are compared only of files whose inode changed since. Null not to compare them.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public static TreeDiffer Compare(string tree, string? parent, StatxTimestamp? since, CancellationToken cancellation)
    {
        using var upper = DirectoryHandle.Open(tree);
        using var lower = parent is null ? null : DirectoryHandle.Open(parent);
        return new TreeDiffer(since, null).Run(upper, lower, cancellation);
    }

    /// <summary>Compares a snapshot with what it is a snapshot of, without a look at what did not change.</summary>
    /// <param name="tree">The snapshot's root directory; inodes have the same numbers in both.</param>
    /// <param name="parent">The other one's.</param>
    /// <param name="touched">What changed since.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public static TreeDiffer CompareSnapshot(SafeFileHandle tree, SafeFileHandle parent, ChangedInodes touched, CancellationToken cancellation) =>
        new TreeDiffer(null, touched).Run(tree, parent, cancellation);

    /// <summary>
    /// As <see cref="Compare(string, string?, StatxTimestamp?, CancellationToken)"/>, for a tree that was made as a snapshot of its parent's by something that does not tell what changed: the extended
    /// attributes are compared, too, but of what has the inode and the change time of the parent's.
    /// </summary>
    public static TreeDiffer CompareSnapshot(string tree, string? parent, CancellationToken cancellation)
    {
        using var upper = DirectoryHandle.Open(tree);
        using var lower = parent is null ? null : DirectoryHandle.Open(parent);
        return new TreeDiffer(default(StatxTimestamp), null, isSnapshot: true).Run(upper, lower, cancellation);
    }

    private TreeDiffer Run(SafeFileHandle tree, SafeFileHandle? parent, CancellationToken cancellation)
    {
        var root = new TreeDirectory(tree);
        root.TryStat(out var data);
        var roots = new DirectoryPair(root, parent is null ? null : new TreeDirectory(parent), [], data.Inode, Untouched: false);
        WorkPile<DirectoryPair>.Run(roots, CompareDirectory, cancellation);
        return this;
    }

    private void CompareDirectory(DirectoryPair at, WorkPile<DirectoryPair> pile)
    {
        // The same directory with the same names as before: what it has is the parent's without a look.
        var sameNames = at.Untouched || (at.SharedInode is { } inode && _touched?.Contains(inode) == false);
        var parentNames = at.Parent is null || sameNames ? null : Names(at.Parent);
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
                ulong oldInode = reader.Inode;
                var inParent = sameNames || (lookup is { } names && names.Remove(reader.Name, out _, out oldInode));
                if (inParent && at.SharedInode is not null && oldInode == reader.Inode && _touched?.Touches(oldInode) == false)
                    continue;
                if (!TryStat(handle.Descriptor(), reader.Name, out var data))
                    continue;
                StatxData old = default;
                inParent = inParent && TryStat(parent!.Descriptor(), reader.Name, out old);
                var kind = !inParent ? ChangeKind.Added : Differs(handle, parent!, reader.Name, data, old) ? ChangeKind.Modified : (ChangeKind?)null;
                if (kind is { } change)
                    changes.Add((change, FileName.Join(at.Path, reader.Name)));
                if (data.IsDirectory)
                {
                    var both = inParent && old.IsDirectory;
                    pile.Push(new DirectoryPair(
                        at.Tree.Child(reader.Name), both ? at.Parent!.Child(reader.Name) : null, FileName.Join(at.Path, reader.Name),
                        both && at.SharedInode is not null && data.Inode == old.Inode ? data.Inode : null,
                        both && IsUntouched(data, old)));
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
            if (parentNames is not null)
                foreach (var name in parentNames.Keys)
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

    private bool Differs(SafeFileHandle directory, SafeFileHandle parent, ReadOnlySpan<byte> name, in StatxData data, in StatxData old)
    {
        if (DockerRules.Differ(data, old))
            return true;

        // Not before the rest was compared: what changes twice within one tick of the kernel's clock has one change time.
        if (IsUntouched(data, old))
            return false;

        // An ordinary user's tree keeps owners and devices in an attribute.
        return (!s_root || MayHaveChanged(data, old)) && AttributesDiffer(new TreeDirectory(directory).ProcPath(name), new TreeDirectory(parent).ProcPath(name));
    }

    private bool IsUntouched(in StatxData data, in StatxData old) => _isSnapshot && data.Inode == old.Inode && data.ChangeTime.IsSameAs(old.ChangeTime);

    private bool MayHaveChanged(in StatxData data, in StatxData old) => _touched is not null
        ? data.Inode != old.Inode || _touched.Contains(data.Inode)
        : _since is { } since && (data.ChangeTime.Seconds, data.ChangeTime.Nanoseconds).CompareTo((since.Seconds, since.Nanoseconds)) >= 0;

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

    private static Dictionary<byte[], ulong> Names(TreeDirectory directory)
    {
        var names = new Dictionary<byte[], ulong>(NameComparer.Instance);
        using var handle = directory.TryOpen();
        if (handle is null)
            return names;
        using var reader = new DirectoryReader(handle.Descriptor());
        while (reader.Next())
            names.Add(reader.Name.ToArray(), reader.Inode);
        return names;
    }

    /// <summary>A directory in both trees.</summary>
    /// <param name="Tree">In the changed tree.</param>
    /// <param name="Parent">In the other one; null where it has none there.</param>
    /// <param name="Path">Its path.</param>
    /// <param name="SharedInode">Its number in both trees; null where they are two directories.</param>
    /// <param name="Untouched">True where it is surely one directory, with the same names.</param>
    private sealed record DirectoryPair(TreeDirectory Tree, TreeDirectory? Parent, byte[] Path, ulong? SharedInode, bool Untouched);
}
