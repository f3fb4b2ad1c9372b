using LayerStore.Archives;
using LayerStore.Archives.Extraction;
using LayerStore.Archives.Tar;
using LayerStore.Archives.TarSplit;
using LayerStore.Drivers;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Layers;

/// <summary>
/// Makes archives of merged trees: of what a layer changed, deletions as whiteouts, or of everything. The same tree gives the same bytes: entries are sorted
/// by path, and nothing of the machine gets in. Sockets are left out, since nothing could use them.
/// </summary>
/// <param name="tree">What is read.</param>
/// <param name="destination">Where the archive goes; not disposed.</param>
/// <param name="cancellation">Stops within one buffer.</param>
/// <param name="split">Where the archive's tar-split goes; null where nobody wants one.</param>
internal sealed class TreeArchive(LayerStack tree, Stream destination, CancellationToken cancellation, TarSplitBuilder? split = null)
{
    private const uint Permissions = 0xFFF, SocketType = Libc.S_IFSOCK;

    private readonly TarWriter _tar = new(destination) { Framing = split is null ? null : split.Frame, Entry = split is null ? null : split.Begin, Content = split is null ? null : split.Content };
    private readonly Dictionary<(int Layer, ulong Inode), byte[]> _linked = [];
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly bool _root = Libc.Geteuid() == 0;
    private MergedDirectory? _directory;
    private byte[] _directoryPath = [];

    /// <summary>Writes what changed.</summary>
    /// <param name="changes">Sorted by path; a directory in which something changed is among them.</param>
    public void WriteChanges(IReadOnlyList<LayerChange> changes)
    {
        foreach (var change in changes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (change.Kind == ChangeKind.Deleted)
                WriteWhiteout(change.RawPath);
            else if (Find(change.RawPath) is { } node)
                Write(change.RawPath, node);
        }
        _tar.Finish();
    }

    /// <summary>Writes everything.</summary>
    public void WriteAll()
    {
        WriteRoot();
        var pending = new Stack<(byte[] Path, MergedNode Node)>();
        Push(pending, [], tree.Root);
        while (pending.TryPop(out var at))
        {
            cancellation.ThrowIfCancellationRequested();
            Write(at.Path, at.Node);
            if (at.Node.Directory is { } directory)
                Push(pending, at.Path, directory);
        }
        _tar.Finish();
    }

    // In reverse, so that they come out in order.
    private static void Push(Stack<(byte[], MergedNode)> pending, byte[] path, MergedDirectory directory)
    {
        foreach (var name in directory.Names().OrderDescending(NameComparer.Instance))
        {
            if (directory.Find(name) is { } node)
                pending.Push((FileName.Join(path, name), node));
        }
    }

    private MergedNode? Find(byte[] path)
    {
        var slash = path.AsSpan().LastIndexOf((byte)'/');
        var parent = path.AsSpan(0, Math.Max(0, slash));
        // Sorted paths come directory by directory.
        if (!parent.SequenceEqual(_directoryPath) || _directory is null)
        {
            _directoryPath = parent.ToArray();
            _directory = tree.FindDirectory(parent);
        }
        return _directory?.Find(path.AsSpan(slash + 1));
    }

    private void WriteWhiteout(byte[] path)
    {
        var name = path.AsSpan().LastIndexOf((byte)'/') + 1;
        _tar.WriteFile(new TarFields { Name = [.. path.AsSpan(0, name), .. WhiteoutNames.Prefix, .. path.AsSpan(name)], Mode = 0x180 }, []);
    }

    private void WriteRoot()
    {
        var root = tree.Root.Parts[0];
        if (root.Directory.TryStat(out var data))
            _tar.WriteHeader(Fields("./"u8.ToArray(), root, root.Directory.ProcPath(), data, out _) with { Type = '5' });
    }

    private void Write(byte[] path, MergedNode node)
    {
        if (node.Data.Type == SocketType)
            return;
        using var file = node.Data.IsRegular ? node.Source.Directory.TryOpenFile(node.Name) ?? throw Vanished(path) : null;
        // Asked of an open file, most of which have none, that costs next to nothing.
        using var place = file is not null && ExtendedAttributes.HasNone(file.Descriptor()) ? null : node.Source.Directory.OpenPlace() ?? throw Vanished(path);
        var procPath = place is null ? null : new TreeDirectory(place).ProcPath(node.Name);
        var fields = Fields(path, node.Source, procPath, node.Data, out var type);
        switch (type)
        {
            case Libc.S_IFDIR:
                _tar.WriteHeader(fields with { Name = [.. path, (byte)'/'], Type = '5' });
                break;
            case Libc.S_IFLNK:
                _tar.WriteHeader(fields with { Type = '2', LinkName = LayerStack.LinkTarget(node) });
                break;
            case Libc.S_IFREG:
                WriteFile(path, node, file!, fields);
                break;
            case Libc.S_IFIFO:
                _tar.WriteHeader(fields with { Type = '6' });
                break;
            case Libc.S_IFCHR or Libc.S_IFBLK:
                _tar.WriteHeader(fields with { Type = type == Libc.S_IFCHR ? '3' : '4' });
                break;
        }
    }

    private void WriteFile(byte[] path, MergedNode node, SafeFileHandle file, TarFields fields)
    {
        if (node.Data.LinkCount > 1 && !_linked.TryAdd((node.Source.Layer, node.Data.Inode), path))
        {
            _tar.WriteHeader(fields with { Type = '1', LinkName = _linked[(node.Source.Layer, node.Data.Inode)], Xattrs = [] });
            return;
        }
        var left = (long)node.Data.Size;
        _tar.WriteHeader(fields with { Size = left });
        for (long offset = 0; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = Read(file, (int)Math.Min(left, _buffer.Length), offset, path);
            if (read == 0)
                throw Vanished(path);
            _tar.Write(_buffer.AsSpan(0, read));
            offset += read;
            left -= read;
        }
    }

    private int Read(SafeFileHandle file, int count, long offset, byte[] path) =>
        FileContents.TryReadAt(file.Descriptor(), _buffer.AsSpan(0, count), offset) is var read and >= 0 ? read : throw LinuxError.Last("read", Printable.Escape(path));

    /// <summary>The header of what stands on disk, its extended attributes read by a path, null where it has none; an ordinary user's store keeps owners, modes and types in an attribute.</summary>
    private TarFields Fields(byte[] path, LayerPart part, byte[]? procPath, in StatxData data, out uint type)
    {
        var xattrs = new SortedDictionary<byte[], byte[]>(NameComparer.Instance);
        var stat = new OverrideStat(_root ? data.Uid : 0, _root ? data.Gid : 0, data.Mode, data.DeviceMajor, data.DeviceMinor);
        foreach (var name in procPath is null ? [] : ExtendedAttributes.List(procPath))
        {
            if (ExtendedAttributes.Get(procPath, FileName.Terminated(name)) is not { } value)
                continue;
            if (name.AsSpan().SequenceEqual(OverrideStat.NameBytes[..^1]))
                stat = _root || !OverrideStat.TryParse(value, out var recorded) ? stat : recorded with { Mode = recorded.Type == 0 ? recorded.Mode | data.Type : recorded.Mode };
            else if (Original(name, part.Format) is { } original)
                xattrs[original] = value;
        }
        type = stat.Type;
        return new TarFields
        {
            Name = path,
            Mode = stat.Mode & Permissions,
            Uid = stat.Uid,
            Gid = stat.Gid,
            ModificationTime = new TimeSpec(data.ModificationTime.Seconds, data.ModificationTime.Nanoseconds),
            DeviceMajor = stat.DeviceMajor,
            DeviceMinor = stat.DeviceMinor,
            Xattrs = [.. xattrs],
        };
    }

    /// <summary>The name that an attribute has in the image; null for what is the store's or the machine's own.</summary>
    private byte[]? Original(byte[] name, LayerFormat? format)
    {
        if (name.AsSpan().SequenceEqual("security.selinux"u8) || name.AsSpan().SequenceEqual("security.ima"u8) || name.AsSpan().SequenceEqual("security.evm"u8))
            return null;
        if (name.AsSpan().StartsWith(XattrRule.KeptPrefix))
            return _root ? null : name[XattrRule.KeptPrefix.Length..];
        return format is null ? name : format.Unescape(name);
    }

    private static StoreException Vanished(byte[] path) => new(
        ErrorIds.ContainerChanging, StoreErrorKind.InUse, "/" + Printable.Escape(path),
        $"'/{Printable.Escape(path)}' was changed while it was read.", "Stop whoever writes there, and run the command again.");
}
