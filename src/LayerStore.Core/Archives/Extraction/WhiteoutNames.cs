namespace LayerStore.Archives.Extraction;

/// <summary>Tells whiteouts from files by their names.</summary>
internal static class WhiteoutNames
{
    public static ReadOnlySpan<byte> Prefix => ".wh."u8;

    /// <summary>The directory of aufs's pseudo-links; also its name while a layer is extracted, since no entry can be called so.</summary>
    public static ReadOnlySpan<byte> PlinkDirectory => ".wh..wh.plnk"u8;

    /// <summary>What the names of aufs's own files begin with.</summary>
    public static ReadOnlySpan<byte> MetadataPrefix => ".wh..wh."u8;

    /// <summary>The mark of a directory that hides everything that the layers below have in it.</summary>
    public static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;

    /// <summary>Classifies a clean path.</summary>
    public static WhiteoutName Classify(ReadOnlySpan<byte> path)
    {
        // One vectorized search settles nearly every path.
        if (path.IndexOf(Prefix) < 0)
            return WhiteoutName.None;
        if (path.StartsWith(PlinkDirectory) && (path.Length == PlinkDirectory.Length || path[PlinkDirectory.Length] == '/'))
            return path.Length == PlinkDirectory.Length ? WhiteoutName.Metadata : WhiteoutName.Plink;
        var slash = path.LastIndexOf((byte)'/');
        for (var rest = slash < 0 ? [] : path[..slash]; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'/');
            var component = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (component.StartsWith(MetadataPrefix))
                return WhiteoutName.Metadata;
            if (component.StartsWith(Prefix))
                return WhiteoutName.Invalid;
        }
        var name = path[(slash + 1)..];
        if (!name.StartsWith(Prefix))
            return WhiteoutName.None;
        if (name.SequenceEqual(Opaque))
            return WhiteoutName.Opaque;
        if (name.StartsWith(MetadataPrefix))
            return WhiteoutName.Metadata;
        return name[Prefix.Length..] is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] ? WhiteoutName.Invalid : WhiteoutName.Whiteout;
    }
}
