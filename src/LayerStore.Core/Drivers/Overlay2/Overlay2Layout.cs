namespace LayerStore.Drivers.Overlay2;

/// <summary>
/// Where things stand: <c>HOME/ID/diff</c> (the layer's own files, overlayfs's upper directory), <c>HOME/ID/work</c> (overlayfs's work directory, containers only)
/// and <c>HOME/ID/identity.json</c>. Docker's <c>l/</c> with short links and its <c>link</c> and <c>lower</c> files have no place here: they exist to fit the layers'
/// paths into one page of mount options, which <c>lowerdir+</c> does not need, and they are what a power cut left empty. The chain is the database's to know.
/// </summary>
/// <param name="Home">The driver's directory.</param>
internal readonly record struct Overlay2Layout(string Home)
{
    public string Layer(LayerId id) => Path.Combine(Home, id.Value);

    public string Diff(LayerId id) => Path.Combine(Home, id.Value, "diff");

    public string Work(LayerId id) => Path.Combine(Home, id.Value, "work");
}
