namespace LayerStore.Drivers.Trees;

/// <summary>Where a path leads inside a stack of layers.</summary>
/// <param name="Path">The path without symbolic links, relative to the root.</param>
/// <param name="Node">What shows there; null where nothing does (and for the root itself).</param>
/// <param name="IsRoot">True where it leads to the root.</param>
/// <param name="IsLoop">True where links lead round in circles; nothing else holds then.</param>
internal sealed record ResolvedPath(byte[] Path, MergedNode? Node, bool IsRoot = false, bool IsLoop = false)
{
    /// <summary>True where a directory is there.</summary>
    public bool IsDirectory => IsRoot || Node?.Directory is not null;
}
