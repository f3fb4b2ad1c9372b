using System.Text;
using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// How overlayfs writes deletions and its other notes into a layer's directory (Documentation/filesystems/overlayfs.rst): the two dialects
/// differ in the prefix of the attributes and in what a whiteout is.
/// </summary>
internal sealed class OverlayFormat : LayerFormat
{
    /// <summary>The kernel's own dialect, which needs privilege.</summary>
    public static OverlayFormat Privileged { get; } = new(WhiteoutDialect.Overlay, "trusted.overlay.");

    /// <summary>The dialect of mounts with <c>userxattr</c>.</summary>
    public static OverlayFormat User { get; } = new(WhiteoutDialect.OverlayUser, "user.overlay.");

    private readonly byte[] _prefix, _escapedPrefix, _opaque, _whiteout;

    private OverlayFormat(WhiteoutDialect dialect, string prefix)
    {
        Dialect = dialect;
        _prefix = Encoding.ASCII.GetBytes(prefix);
        _escapedPrefix = Encoding.ASCII.GetBytes(prefix + "overlay.");
        _opaque = Encoding.ASCII.GetBytes(prefix + "opaque\0");
        _whiteout = Encoding.ASCII.GetBytes(prefix + "whiteout\0");
    }

    /// <summary>The same, as the archives' floor names it.</summary>
    public WhiteoutDialect Dialect { get; }

    /// <inheritdoc/>
    public override bool IsWhiteout(TreeDirectory directory, ReadOnlySpan<byte> name, in StatxData data)
    {
        if (data.IsWhiteoutDevice)
            return true;

        // A whiteout without a device node: an empty file with an attribute, since Linux 6.7.
        return Dialect == WhiteoutDialect.OverlayUser && data.IsRegular && data.Size == 0
            && ExtendedAttributes.Get(directory.ProcPath(name), _whiteout) is not null;
    }

    /// <inheritdoc/>
    /// <remarks><c>x</c> only says that whiteouts by attribute are inside.</remarks>
    public override bool IsOpaque(TreeDirectory directory) => ExtendedAttributes.Get(directory.ProcPath(), _opaque) is [(byte)'y'];

    /// <summary>Hides everything that lower layers have in a directory.</summary>
    public void MarkOpaque(ReadOnlySpan<byte> terminatedPath) => ExtendedAttributes.Set(terminatedPath, _opaque, "y"u8);

    /// <summary>
    /// The name under which a file of a layer keeps an attribute that it has in the merged tree of <i>another</i> layer's directory: overlayfs's own notes
    /// stay behind, escaped ones stay escaped.
    /// </summary>
    public byte[]? BetweenLayers(byte[] name) => name.AsSpan().StartsWith(_prefix) && !name.AsSpan().StartsWith(_escapedPrefix) ? null : name;

    /// <summary>The name under which a copy of a file of this format keeps an attribute: what says what is deleted stays, the kernel's other notes (where a file was copied up from) go.</summary>
    public byte[]? WithoutNotes(byte[] name) =>
        name.AsSpan().SequenceEqual(_opaque.AsSpan()[..^1]) || name.AsSpan().SequenceEqual(_whiteout.AsSpan()[..^1]) ? name : BetweenLayers(name);

    /// <summary>The name for an attribute of a plain tree in a layer's directory: <c>trusted.overlay.x</c> is escaped to <c>trusted.overlay.overlay.x</c>, as the kernel does.</summary>
    public byte[] Escape(byte[] name) => name.AsSpan().StartsWith(_prefix) ? [.. _escapedPrefix, .. name.AsSpan(_prefix.Length)] : name;

    /// <summary>The reverse of <see cref="Escape"/>; null for overlayfs's own notes, which a plain tree has not.</summary>
    public override byte[]? Unescape(byte[] name)
    {
        if (!name.AsSpan().StartsWith(_prefix))
            return name;
        return name.AsSpan().StartsWith(_escapedPrefix) ? [.. _prefix, .. name.AsSpan(_escapedPrefix.Length)] : null;
    }
}
