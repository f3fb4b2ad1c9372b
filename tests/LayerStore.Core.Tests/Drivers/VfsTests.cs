using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class VfsTests : IDisposable
{
    private readonly DriverPlayground _play = new("vfs", "/dev/shm");

    public void Dispose() => _play.Dispose();

    [RootFact]
    public void Three_hundred_layers_that_are_made_one_by_one_show_every_file() => LayerTower.Check(_play);
}
