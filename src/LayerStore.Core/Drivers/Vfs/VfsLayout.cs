namespace LayerStore.Drivers.Vfs;

/// <summary>
/// Where things stand: <c>HOME/dir/ID</c> is a layer's whole tree and nothing else (Docker's own place for it); what belongs to the layer but not into the container,
/// its identity file and what is still being made, is in <c>HOME/meta/ID</c>.
/// </summary>
/// <param name="Home">The driver's directory.</param>
internal readonly record struct VfsLayout(string Home)
{
    public const string TreesName = "dir", MetaName = "meta";

    public string Tree(LayerId id) => Path.Combine(Home, TreesName, id.Value);

    public string Meta(LayerId id) => Path.Combine(Home, MetaName, id.Value);

    /// <summary>Where an archive is extracted, on its own.</summary>
    public string Staging(LayerId id) => Path.Combine(Meta(id), "staging");

    /// <summary>Where the tree grows before it is complete and takes its place in one step.</summary>
    public string Growing(LayerId id) => Path.Combine(Meta(id), "tree");

    /// <summary>Written when a container's tree was complete: what changed later has a later change time.</summary>
    public string Created(LayerId id) => Path.Combine(Meta(id), "created");

    /// <summary>Where the marks of fresh copies are, see <see cref="VfsFreshCopies"/>.</summary>
    public string Marks => Path.Combine(Home, "fresh");

    /// <summary>A copy's mark.</summary>
    public string Mark(LayerId id) => Path.Combine(Marks, id.Value);
}
