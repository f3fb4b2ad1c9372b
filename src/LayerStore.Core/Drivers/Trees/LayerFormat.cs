using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>How deletions stand in a layer's directory on disk.</summary>
internal abstract class LayerFormat
{
    /// <summary>True where the entry is no file of the layer, but says that a name is deleted or keeps the format's books.</summary>
    public abstract bool IsWhiteout(TreeDirectory directory, ReadOnlySpan<byte> name, in StatxData data);

    /// <summary>True where the directory hides everything that lower layers have in it.</summary>
    public abstract bool IsOpaque(TreeDirectory directory);

    /// <summary>
    /// Where a whiteout has a name of its own: the name that it hides, empty for the format's books; null for every other entry, and always where a whiteout has the name that it hides.
    /// </summary>
    public virtual byte[]? HiddenBy(ReadOnlySpan<byte> name) => null;

    /// <summary>True where a name at which nothing stands in the directory is deleted all the same, by a whiteout of another name.</summary>
    public virtual bool Hides(TreeDirectory directory, ReadOnlySpan<byte> name) => false;

    /// <summary>The name that an attribute of a file in the directory has in the merged tree; null for the format's own notes.</summary>
    public virtual byte[]? Unescape(byte[] name) => name;
}
