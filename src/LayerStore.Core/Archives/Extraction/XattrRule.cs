using System.Buffers.Binary;

namespace LayerStore.Archives.Extraction;

/// <summary>
/// Which extended attributes of an archive are applied, and under which name: overlayfs's own would let a layer redirect or hide files of others, so
/// they are escaped as overlayfs escapes them in nested overlays; what another host's security modules signed means nothing here.
/// </summary>
internal static class XattrRule
{
    /// <summary>How an ordinary user keeps attributes that only root may set: their name with this before it.</summary>
    public static ReadOnlySpan<byte> KeptPrefix => "user.layerstore."u8;

    /// <summary>Writes the name to apply, with a NUL behind it.</summary>
    /// <param name="name">The attribute's name in the archive.</param>
    /// <param name="ordinaryUser">True where the process may set attributes of the user namespace only.</param>
    /// <param name="escapesOverlay">True where overlayfs may come to read the file as one of a layer's.</param>
    /// <param name="applied">Room for 300 bytes.</param>
    /// <returns>The length without the NUL; 0 where the attribute is dropped.</returns>
    public static int Apply(ReadOnlySpan<byte> name, bool ordinaryUser, bool escapesOverlay, Span<byte> applied)
    {
        if (name.Contains((byte)0))
            return 0;
        if (name.StartsWith("user."u8))
        {
            if (name.SequenceEqual("user.containers.override_stat"u8) || name.StartsWith(KeptPrefix))
                return 0;
            return escapesOverlay && name.StartsWith("user.overlay."u8)
                ? Join("user.overlay.overlay."u8, name["user.overlay.".Length..], applied)
                : Join(default, name, applied);
        }
        if (name.StartsWith("system."u8))
            return name[7..].SequenceEqual("posix_acl_access"u8) || name[7..].SequenceEqual("posix_acl_default"u8) ? Join(default, name, applied) : 0;
        if (name.SequenceEqual("security.selinux"u8) || name.SequenceEqual("security.ima"u8) || name.SequenceEqual("security.evm"u8))
            return 0;
        if (!name.StartsWith("security."u8) && !name.StartsWith("trusted."u8))
            return 0;
        if (ordinaryUser)
            return Join(KeptPrefix, name, applied);
        return escapesOverlay && name.StartsWith("trusted.overlay."u8)
            ? Join("trusted.overlay.overlay."u8, name["trusted.overlay.".Length..], applied)
            : Join(default, name, applied);
    }

    /// <summary>True for a value of <c>security.capability</c> that the kernel knows: revision 2 (20 bytes) or 3 (24 bytes).</summary>
    public static bool IsCapability(ReadOnlySpan<byte> value) => value.Length switch
    {
        20 => BinaryPrimitives.ReadUInt32LittleEndian(value) >> 24 == 2,
        24 => BinaryPrimitives.ReadUInt32LittleEndian(value) >> 24 == 3,
        _ => false,
    };

    private static int Join(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> rest, Span<byte> destination)
    {
        prefix.CopyTo(destination);
        rest.CopyTo(destination[prefix.Length..]);
        var length = prefix.Length + rest.Length;
        destination[length] = 0;
        return length;
    }
}
