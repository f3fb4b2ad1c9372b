using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public sealed class Overlay2Tests : IDisposable
{
    private readonly DriverPlayground _play = new("overlay2", "/dev/shm");

    public void Dispose() => _play.Dispose();

    [Fact]
    public void A_container_on_500_layers_is_mounted_both_ways()
    {
        var chain = new List<LayerId>();
        for (var i = 0; i < 500; i++)
        {
            var number = i;
            chain.Insert(0, _play.Image([], layer => layer.File($"file{number}", $"{number}")));
        }
        var container = _play.Container([.. chain]);
        using (var mount = _play.Mount(container, chain))
        {
            Assert.Equal(500, Directory.EnumerateFiles(mount.Root).Count());
            mount.Write("file0", "changed");
        }
        using (var view = _play.Mount(container, chain, MountMode.ReadOnly))
            Assert.Equal("changed", view.Read("file0"));
        Assert.Equal(["C /file0"], _play.Changes(container, [.. chain]));
        Assert.Equal(ErrorIds.LayerDepthExceeded,
            Assert.Throws<StoreException>(() => _play.Driver.PlanMount(container, [.. chain, LayerId.New()], MountMode.ReadWrite)).ErrorId);
    }

    [Fact]
    public void A_plan_is_data_and_names_the_layers_uppermost_first()
    {
        var (id, parent, grandparent) = (LayerId.New(), LayerId.New(), LayerId.New());
        var plan = Assert.IsType<MountPlan.Overlay>(_play.Driver.PlanMount(id, [parent, grandparent], MountMode.ReadWrite));
        Assert.Equal([$"{_play.Home}/{parent}/diff", $"{_play.Home}/{grandparent}/diff"], plan.Lowers);
        Assert.Equal(($"{_play.Home}/{id}/diff", $"{_play.Home}/{id}/work"), (plan.Upper, plan.Work));
        Assert.Contains(new KeyValuePair<string, string?>("index", "off"), plan.Options);
        Assert.Contains(new KeyValuePair<string, string?>("redirect_dir", "nofollow"), plan.Options);
        Assert.Contains(new KeyValuePair<string, string?>("metacopy", "off"), plan.Options);
        var view = Assert.IsType<MountPlan.Overlay>(_play.Driver.PlanMount(id, [parent], MountMode.ReadOnly));
        Assert.Equal([$"{_play.Home}/{id}/diff", $"{_play.Home}/{parent}/diff"], view.Lowers);
        Assert.Null(view.Upper);
        Assert.Equal(["removing"], DriverConformance.Listing(_play.Home));
    }

    [Fact]
    public void A_redirect_that_a_layer_smuggles_in_is_not_followed()
    {
        var image = _play.Image([], layer => layer.Directory("secret").File("secret/file", "x"));
        var upper = _play.Image([image], layer => layer.Directory("public").Attribute("public", "trusted.overlay.redirect", "/secret"u8.ToArray()));
        using var mount = _play.Run(upper, image).Mount;
        Assert.False(File.Exists(mount.At("public/file")));
    }

    [Fact]
    public void Two_containers_of_one_image_can_be_mounted_at_once_and_again()
    {
        var image = _play.Image([], layer => layer.File("file", "x"));
        var containers = Enumerable.Range(0, 10).Select(_ => _play.Container(image)).ToArray();
        for (var round = 0; round < 2; round++)
        {
            var mounts = containers.Select(id => _play.Mount(id, [image])).ToArray();
            foreach (var mount in mounts)
                mount.Write("file", "y");
            foreach (var mount in mounts)
                mount.Dispose();
        }
    }

    [Fact]
    public void A_committed_layer_has_nothing_that_overlayfs_could_write_to()
    {
        var image = _play.Image([], layer => layer.File("file", "x"));
        Assert.False(Path.Exists(Path.Combine(_play.Home, image.Value, "work")));
        var error = Assert.Throws<StoreException>(() => _play.Mount(image, [image]));
        Assert.Equal(ErrorIds.MountFailed, error.ErrorId);
    }

    [Fact]
    public void Three_hundred_layers_that_are_made_one_by_one_show_every_file() => LayerTower.Check(_play);
}
