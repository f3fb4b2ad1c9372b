namespace LayerStore.Drivers.Aufs;

/// <summary>
/// Where things stand: <c>HOME/diff/ID</c> is a layer's branch and nothing else (Docker's own place for it), <c>HOME/layers/ID</c> a directory with what belongs to the layer but is not in it, its
/// identity file. Docker has a text file with the parents there; the chain is the database's to know.
/// </summary>
/// <param name="Home">The driver's directory.</param>
internal readonly record struct AufsLayout(string Home)
{
    public const string BranchesName = "diff", MetaName = "layers";

    public string Branch(LayerId id) => Path.Combine(Home, BranchesName, id.Value);

    public string Meta(LayerId id) => Path.Combine(Home, MetaName, id.Value);
}
