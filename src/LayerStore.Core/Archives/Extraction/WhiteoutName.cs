namespace LayerStore.Archives.Extraction;

/// <summary>What a name with the prefix <c>.wh.</c> means (OCI image specification, layer changesets; aufs's own names).</summary>
internal enum WhiteoutName
{
    /// <summary>An ordinary path.</summary>
    None,

    /// <summary><c>.wh.name</c>: hides <c>name</c> of the layers below.</summary>
    Whiteout,

    /// <summary><c>.wh..wh..opq</c>: hides everything that the layers below have in this directory.</summary>
    Opaque,

    /// <summary><c>.wh..wh.plnk/…</c> at the root: where aufs kept files that have several names.</summary>
    Plink,

    /// <summary>Another <c>.wh..wh.</c> name: aufs's bookkeeping, of no meaning here.</summary>
    Metadata,

    /// <summary>No valid whiteout: of nothing, of <c>.</c> or <c>..</c>, or with something below it.</summary>
    Invalid,
}
