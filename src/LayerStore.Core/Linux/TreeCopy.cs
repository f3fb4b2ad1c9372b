using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// Copies a tree with everything that it has: contents (shared where the file system can), holes, hard links, owners, modes, extended attributes, times to the
/// nanosecond, devices, pipes and sockets.
/// </summary>
internal sealed unsafe class TreeCopy
{
    private static readonly bool s_root = Libc.Geteuid() == 0;

    // Those that get their attributes at the end.
    private readonly ConcurrentStack<(TreeDirectory Source, TreeDirectory Target, StatxData Data)> _directories = new();
    private readonly ConcurrentBag<(TreeDirectory Source, TreeDirectory Target, byte[] Name, StatxData Data)> _linked = [];
    private readonly Func<byte[], byte[]?>? _rename;
    private volatile int _method;

    private TreeCopy(Func<byte[], byte[]?>? rename) => _rename = rename;

    /// <summary>Copies the tree at <paramref name="source"/> to <paramref name="target"/>, a new directory whose parent exists.</summary>
    /// <exception cref="StoreException">Something could not be read or written; what is there then is the caller's to remove.</exception>
    public static void Copy(string source, string target, CancellationToken cancellation = default)
    {
        if (!DirectoryHandle.TryCreate(target, 0x1C0))
            throw LinuxError.From(Errno.EEXIST, "create the directory", target);
        CopyInto(source, target, cancellation);
    }

    /// <summary>As <see cref="Copy"/>, to a directory that is there and empty; it gets the source's attributes.</summary>
    public static void CopyInto(string source, string target, CancellationToken cancellation = default) => CopyInto(source, target, rename: null, cancellation);

    /// <summary>As the other one; <paramref name="rename"/> says which extended attributes are copied, as for <see cref="ExtendedAttributes.Copy"/>.</summary>
    public static void CopyInto(string source, string target, Func<byte[], byte[]?>? rename, CancellationToken cancellation)
    {
        using var from = DirectoryHandle.Open(source);
        using var into = DirectoryHandle.Open(target);
        new TreeCopy(rename).Run(new TreeDirectory(from), new TreeDirectory(into), cancellation);
    }

    private void Run(TreeDirectory source, TreeDirectory target, CancellationToken cancellation)
    {
        source.TryStat(out var data);
        if (!s_root)
            _directories.Push((source, target, data));
        WorkPile<(TreeDirectory Source, TreeDirectory Target, StatxData Data)>.Run((source, target, data), CopyEntries, cancellation);
        CopyLinked(cancellation);

        // The deepest first: an ordinary user may lock himself out.
        while (_directories.TryPop(out var directory))
        {
            using var from = directory.Source.Open();
            using var into = directory.Target.Open();
            NodeCopy.CopyDirectoryAttributes(from.Descriptor(), directory.Data, into.Descriptor(), _rename);
        }
    }

    private void CopyEntries((TreeDirectory Source, TreeDirectory Target, StatxData Data) at, WorkPile<(TreeDirectory, TreeDirectory, StatxData)> pile)
    {
        var (source, target, _) = at;
        var gainsLinks = false;
        using var from = source.Open();
        using var into = target.Open();
        using var reader = new DirectoryReader(from.Descriptor());
        var method = (CopyMethod)_method;
        while (reader.Next())
        {
            var name = FileName.Terminated(reader.Name);
            StatxData data;
            fixed (byte* path = name)
            {
                if (Libc.Statx(from.Descriptor(), path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &data) < 0)
                    throw LinuxError.Last("look at", $"{source.DisplayPath}/{Printable.Escape(reader.Name)}");
                if (data.IsDirectory && Libc.MkdirAt(into.Descriptor(), path, 0x1C0) < 0)
                    throw LinuxError.Last("create the directory", $"{target.DisplayPath}/{Printable.Escape(reader.Name)}");
            }
            if (data.IsDirectory)
            {
                var child = (source.Child(reader.Name), target.Child(reader.Name), data);
                if (!s_root)
                    _directories.Push(child);
                pile.Push(child);
            }
            else if (data.LinkCount > 1)
            {
                gainsLinks = true;
                _linked.Add((source, target, name, data));
            }
            else
                NodeCopy.Copy(from.Descriptor(), name, data, into.Descriptor(), name, ref method, _rename);
        }
        _method = (int)method;
        // Now that it has all of its entries: one more would change its times.
        if (s_root && gainsLinks)
            _directories.Push(at);
        else if (s_root)
            NodeCopy.CopyDirectoryAttributes(from.Descriptor(), at.Data, into.Descriptor(), _rename);
    }

    /// <summary>Files with several names: copied at the first, linked at the others. One thread, so that none is copied twice.</summary>
    private void CopyLinked(CancellationToken cancellation)
    {
        var copied = new Dictionary<ulong, (TreeDirectory Directory, byte[] Name)>();
        var method = (CopyMethod)_method;
        foreach (var (source, target, name, data) in _linked)
        {
            cancellation.ThrowIfCancellationRequested();
            using var into = target.Open();
            if (copied.TryAdd(data.Inode, (target, name)))
            {
                using var from = source.Open();
                NodeCopy.Copy(from.Descriptor(), name, data, into.Descriptor(), name, ref method, _rename);
                continue;
            }
            using var first = copied[data.Inode].Directory.Open();
            Link(first, copied[data.Inode].Name, into, name);
        }
    }

    private static void Link(SafeFileHandle first, byte[] firstName, SafeFileHandle into, byte[] name)
    {
        fixed (byte* from = firstName, to = name)
        {
            if (Libc.LinkAt(first.Descriptor(), from, into.Descriptor(), to, 0) < 0)
                throw LinuxError.Last("create the hard link", Printable.Escape(name.AsSpan()[..^1]));
        }
    }
}
