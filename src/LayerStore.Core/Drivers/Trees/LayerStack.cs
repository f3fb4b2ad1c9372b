using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Layers' directories on top of each other, looked up as overlayfs would show them but without a mount: whiteouts and opaque directories hide, symbolic
/// links are followed inside the root.
/// </summary>
internal sealed class LayerStack : IDisposable
{
    // As MAXSYMLINKS of the kernel.
    private const int MaxLinks = 40;

    private readonly List<SafeFileHandle> _handles = [];

    /// <summary>Opens the directories, uppermost first.</summary>
    public LayerStack(IEnumerable<(string Path, LayerFormat? Format)> layers)
    {
        var parts = new List<LayerPart>();
        try
        {
            foreach (var (path, format) in layers)
            {
                var handle = DirectoryHandle.Open(path);
                _handles.Add(handle);
                parts.Add(new LayerPart(new TreeDirectory(handle), format, parts.Count));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        Root = new MergedDirectory(parts);
    }

    /// <summary>Puts open directories on top of each other; they stay the caller's. The one on top may be a container's that is in use.</summary>
    public LayerStack(IEnumerable<LayerDirectory> layers) =>
        Root = new MergedDirectory([.. layers.Select((layer, index) => new LayerPart(new TreeDirectory(layer.Handle, mayChange: index == 0), layer.Format, index))]);

    /// <summary>The merged root.</summary>
    public MergedDirectory Root { get; }

    public void Dispose() => _handles.ForEach(handle => handle.Dispose());

    /// <summary>The directory at a path of which no component is a symbolic link; null where there is none.</summary>
    public MergedDirectory? FindDirectory(ReadOnlySpan<byte> path)
    {
        var directory = Root;
        while (!path.IsEmpty && directory is not null)
        {
            var name = SplitFirst(ref path);
            directory = directory.Find(name)?.Directory;
        }
        return directory;
    }

    /// <summary>
    /// Follows a path from the root and says where it really leads. <c>..</c> stops at the root; components that are not there
    /// are kept as they are written, so that the path can be made.
    /// </summary>
    /// <param name="path">Relative to the root.</param>
    /// <param name="followLast">Whether a symbolic link at the end is followed.</param>
    public ResolvedPath Resolve(ReadOnlySpan<byte> path, bool followLast)
    {
        var links = 0;
        var names = new List<byte[]>();
        var nodes = new List<MergedNode?>();
        var rest = new Stack<byte[]>();
        Push(rest, path);
        while (rest.TryPop(out var name))
        {
            if (name is [(byte)'.'])
                continue;
            if (name is [(byte)'.', (byte)'.'])
            {
                if (names.Count > 0)
                {
                    names.RemoveAt(names.Count - 1);
                    nodes.RemoveAt(nodes.Count - 1);
                }
                continue;
            }
            var directory = nodes.Count == 0 ? Root : nodes[^1]?.Directory;
            var node = directory?.Find(name);
            if (node is not null && node.Data.IsSymlink && (followLast || rest.Count > 0))
            {
                if (++links > MaxLinks)
                    return new ResolvedPath([], null, IsLoop: true);
                var target = LinkTarget(node);
                if (target is [(byte)'/', ..])
                {
                    names.Clear();
                    nodes.Clear();
                }
                Push(rest, target);
                continue;
            }
            names.Add(name);
            nodes.Add(node);
        }
        var result = Array.Empty<byte>();
        foreach (var name in names)
            result = FileName.Join(result, name);
        return new ResolvedPath(result, nodes.Count == 0 ? null : nodes[^1], IsRoot: nodes.Count == 0);
    }

    /// <summary>Where a symbolic link of the stack points, as it is written.</summary>
    public static byte[] LinkTarget(MergedNode link)
    {
        using var directory = link.Source.Directory.Open();
        return SymbolicLink.Read(directory.Descriptor(), FileName.Terminated(link.Name));
    }

    internal static ReadOnlySpan<byte> SplitFirst(scoped ref ReadOnlySpan<byte> path)
    {
        var slash = path.IndexOf((byte)'/');
        var first = slash < 0 ? path : path[..slash];
        path = slash < 0 ? [] : path[(slash + 1)..];
        return first;
    }

    private static void Push(Stack<byte[]> rest, ReadOnlySpan<byte> path)
    {
        var names = new List<byte[]>();
        while (!path.IsEmpty)
        {
            var name = SplitFirst(ref path);
            if (!name.IsEmpty)
                names.Add(name.ToArray());
        }
        for (var i = names.Count - 1; i >= 0; i--)
            rest.Push(names[i]);
    }
}
