using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Joins a layer that was extracted on its own with the layers below it (<see cref="IStorageDriver.CompleteApply"/>), inside the layer's own directory and in overlayfs's
/// format. Both drivers use it, and so give the same merged tree.
/// </summary>
internal sealed class LayerCompletion
{
    private readonly LayerStack _stack;
    private readonly LayerWriter _writer;
    private readonly HashSet<byte[]> _implied;
    private readonly ExtractedLayer _extracted;
    private readonly OverlayFormat _format;

    // Directories that went where a symbolic link of the parents leads, in order.
    private readonly List<(byte[] From, byte[] To)> _moves = [];

    private LayerCompletion(LayerStack stack, OverlayFormat format, ExtractedLayer extracted)
    {
        (_stack, _format, _extracted) = (stack, format, extracted);
        _implied = new HashSet<byte[]>(extracted.ImpliedDirectories, NameComparer.Instance);
        _writer = new LayerWriter(stack, format, extracted.TarSplit?.Displaced);
    }

    /// <summary>Does it.</summary>
    /// <param name="layer">The layer's directory.</param>
    /// <param name="format">How deletions stand in it.</param>
    /// <param name="parents">The parents' directories, nearest first; a plain tree has no format.</param>
    /// <param name="extracted">What the extractor left open.</param>
    /// <returns>As <see cref="ExtractedLayer.FilesOnly"/>, of what the layer is now.</returns>
    /// <exception cref="StoreException"><see cref="ErrorIds.ArchiveCorrupt"/> where a hard link's target is nowhere.</exception>
    public static bool Run(string layer, OverlayFormat format, IEnumerable<(string Path, LayerFormat? Format)> parents, ExtractedLayer extracted)
    {
        using var stack = new LayerStack([(layer, format), .. parents]);
        var completion = new LayerCompletion(stack, format, extracted);
        completion.Run();
        return extracted.FilesOnly && !completion._writer.WroteNotes;
    }

    private void Run()
    {
        if (!_extracted.RootIsDescribed && _stack.Root.Parts.Count > 1)
            _writer.CopyDirectoryAttributes(_stack.Root.Parts[1], _stack.Root.Parts[0]);
        foreach (var directory in _extracted.ImpliedDirectories)
            CompleteImplied(directory);
        foreach (var link in _extracted.PendingLinks)
            CompleteLink(link);
        _writer.RestoreTimes();
        if (_extracted.Whiteouts > 0)
            IdleWhiteouts.Remove(_stack, _format);
    }

    private void CompleteImplied(byte[] implied)
    {
        var path = Moved(implied);
        var (parentPath, name) = FileName.SplitLast(path);
        if (_stack.FindDirectory(parentPath) is not { } parent || parent.Parts is not [{ Layer: 0 } own, ..]
            || !own.Directory.TryStat(name, out var data) || !data.IsDirectory)
            return; // Something later in the same archive took its place.
        var directory = new LayerPart(own.Directory.Child(name), own.Format, own.Layer);
        if (own.Format!.IsOpaque(directory.Directory) || parent.Below(0).Find(name) is not { } below)
            return; // Nothing of the parents shows here.
        if (below.Directory is { } merged)
            _writer.CopyDirectoryAttributes(merged.Parts[0], directory);
        else if (below.Data.IsSymlink)
            FollowLink(path, parentPath, below);
    }

    /// <summary>
    /// The parents have a symbolic link where the archive only implied a directory (<c>lib/x</c> on a base with <c>lib -> usr/lib</c>): the entries belong where it leads.
    /// A link that leads nowhere useful is replaced, as every file is.
    /// </summary>
    private void FollowLink(byte[] path, byte[] parentPath, MergedNode link)
    {
        var target = LayerStack.LinkTarget(link);
        var written = target is [(byte)'/', ..] ? target : FileName.Join(parentPath, target);
        var resolved = _stack.Resolve(written, followLast: true);
        if (resolved.IsLoop || resolved.IsRoot || IsAtOrBelow(resolved.Path, path) || IsAtOrBelow(path, resolved.Path)
            || (resolved.Node is not null && resolved.Node.Directory is null))
            return;
        _writer.EnsureDirectory(resolved.Path, path);
        _writer.MoveEntries(path, resolved.Path, directory => _implied.Contains(directory));
        _moves.Add((path, resolved.Path));
        _extracted.TarSplit?.Displaced.Moved(path, resolved.Path);
    }

    private void CompleteLink(PendingLink link)
    {
        var target = _stack.Resolve(Moved(link.Target), followLast: false);
        if (target.Node is not { } node || node.Directory is not null)
            throw MissingTarget(link, target);
        var (linkParent, linkName) = FileName.SplitLast(Moved(link.Path));
        var place = _stack.Resolve(linkParent, followLast: true);
        if (place.IsLoop || (place.Node is not null && place.Node.Directory is null))
            throw MissingTarget(link, target);
        _writer.EnsureDirectory(place.Path, []);
        if (node.Source.Layer != 0)
            _writer.CopyUp(target.Path, node);
        var path = FileName.Join(place.Path, linkName);
        if (!path.AsSpan().SequenceEqual(target.Path))
            _writer.Link(target.Path, path);
    }

    private static StoreException MissingTarget(PendingLink link, ResolvedPath target) => new(
        ErrorIds.ArchiveCorrupt, StoreErrorKind.InvalidData, Printable.Escape(link.Path),
        $"The layer has a hard link '{Printable.Escape(link.Path)}' to '{Printable.Escape(link.Target)}', which "
        + (target.IsDirectory ? "is a directory." : "neither the layer nor the layers below it have."),
        "The image was built or saved incompletely: save or pull it again. Nothing of this layer was kept.");

    private byte[] Moved(byte[] path)
    {
        foreach (var (from, to) in _moves)
        {
            if (IsAtOrBelow(path, from))
                path = path.Length == from.Length ? to : FileName.Join(to, path.AsSpan(from.Length + 1));
        }
        return path;
    }

    private static bool IsAtOrBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory) =>
        path.StartsWith(directory) && (path.Length == directory.Length || path[directory.Length] == '/');
}
