using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class VfsTests : IDisposable
{
    private readonly DriverPlayground _play = new("vfs", "/dev/shm");

    public void Dispose() => _play.Dispose();

    [RootFact]
    public void Three_hundred_layers_that_are_made_one_by_one_show_every_file()
    {
        var chain = new List<LayerId>();
        for (var i = 0; i < 300; i++)
        {
            var number = i;
            chain.Insert(0, _play.Image([.. chain], layer => layer.Directory("dir").File($"dir/file{number}", $"{number}")));
        }
        var (container, mount) = _play.Run([.. chain]);
        using (mount)
        {
            Assert.Equal(300, Directory.EnumerateFiles(mount.At("dir")).Count());
            mount.Write("dir/file7", "changed");
        }
        Assert.Equal(["C /dir", "C /dir/file7"], _play.Changes(container, [.. chain]));
    }
}
