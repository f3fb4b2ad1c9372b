using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>Gives files of one layer the attributes that they have in the merged tree: escaped ones their names; overlayfs's own notes go. Each file once, however many names it has: the second time, what was escaped would look like a note.</summary>
/// <param name="format">How the layer is written.</param>
internal sealed class AttributeUnescaping(OverlayFormat format)
{
    private readonly HashSet<ulong> _done = [];

    /// <summary>Does it.</summary>
    /// <param name="path">The file, ending with NUL; a symbolic link itself.</param>
    /// <param name="data">What it is.</param>
    public void Run(byte[] path, in StatxData data)
    {
        if (!data.IsDirectory && data.LinkCount > 1 && !_done.Add(data.Inode))
            return;
        foreach (var name in ExtendedAttributes.List(path))
        {
            var plain = format.Unescape(name);
            if (plain == name)
                continue;
            if (plain is not null && ExtendedAttributes.Get(path, FileName.Terminated(name)) is { } value)
                ExtendedAttributes.Set(path, FileName.Terminated(plain), value);
            ExtendedAttributes.Remove(path, FileName.Terminated(name));
        }
    }
}
