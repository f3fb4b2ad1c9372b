using LayerStore.Containers;
using LayerStore.Drivers;
using LayerStore.Layers;
using LayerStore.Linux;
using LayerStore.Tests.Layers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

public sealed class ContainerLimitTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_limit_is_set_shown_and_written_beside_the_layer()
    {
        using (var store = Open())
        {
            var container = store.Containers.Create(new ContainerOptions { Name = "c1", Size = 1 << 20 });
            Assert.Equal(1 << 20, container.SizeLimit);
            var layer = LayerId.Parse(container.LayerId);
            Assert.Equal("1048576 bytes,  inodes", ((PlainDriver)store.Driver).QuotaThatWasGiven(layer));
            Assert.Equal(1 << 20, LayerIdentity.Parse(store.Driver.Enumerate().Single().Identity)!.SizeLimit);
            Assert.Null(store.Containers.Create(new ContainerOptions { Name = "c2" }).SizeLimit);
        }
        using var again = Open();
        Assert.Equal([null, 1 << 20], again.Containers.List().Select(container => container.SizeLimit));
        Assert.Equal(1 << 20, again.Containers.Rename("c1", "c3").SizeLimit);
    }

    [Fact]
    public void The_drivers_own_limit_is_shown_and_gives_way_to_the_containers()
    {
        using var store = Open(new DriverOptions { ["plain.size"] = "1G" });
        Assert.Equal(1 << 30, store.Containers.Create(new ContainerOptions()).SizeLimit);
        Assert.Equal(5 << 20, store.Containers.Create(new ContainerOptions { Size = 5 << 20 }).SizeLimit);
    }

    [Fact]
    public void Where_the_driver_cannot_limit_nothing_is_made()
    {
        var calls = new List<string>();
        using var store = _folder.Open(calls.Add);
        var error = Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions { Size = 1 << 30 }));
        Assert.Equal(ErrorIds.DriverUnsupported, error.ErrorId);
        Assert.Contains("pquota", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("Prepare", calls);
        Assert.Empty(store.Containers.List());
    }

    [Fact]
    public void A_limit_that_cannot_be_set_undoes_the_container()
    {
        using var store = Open();
        Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions { Size = 1 })).ErrorId);
        Assert.Empty(_folder.LayersOnDisk());
        Assert.Empty(store.Containers.List());
        LayerIngestTests.AssertSettled(store);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void What_is_no_limit_is_refused(long size)
    {
        using var store = Open();
        Assert.Equal(ErrorIds.ArgumentInvalid, Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions { Size = size })).ErrorId);
        Assert.Empty(_folder.LayersOnDisk());
    }

    private Store Open(DriverOptions? options = null) => new StoreOpener([new PlainDriverFactory { Features = DriverFeatures.Quota }], new Mounts())
        .Open(new StoreOptions { Root = _folder.Root, DriverOptions = options });
}
