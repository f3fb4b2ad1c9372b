using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>A container on many layers that were made one on the other.</summary>
internal static class LayerTower
{
    private const int Layers = 300;

    /// <summary>Checks that it shows what each of them brought, and that a change in it is one.</summary>
    public static void Check(DriverPlayground play)
    {
        var chain = new List<LayerId>();
        for (var i = 0; i < Layers; i++)
        {
            var number = i;
            chain.Insert(0, play.Image([.. chain], layer => layer.Directory("dir").File($"dir/file{number}", $"{number}")));
        }
        var (container, mount) = play.Run([.. chain]);
        using (mount)
        {
            Assert.Equal(Layers, Directory.EnumerateFiles(mount.At("dir")).Count());
            mount.Write("dir/file7", "changed");
        }
        Assert.Equal(["C /dir", "C /dir/file7"], play.Changes(container, [.. chain]));
    }
}
