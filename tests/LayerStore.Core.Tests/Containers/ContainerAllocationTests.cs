using LayerStore.Containers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>What drivers say that is allocated, beside what is counted.</summary>
public sealed class ContainerAllocationTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Allocated_bytes_are_the_drivers_and_no_file_is_looked_at()
    {
        var calls = new List<string>();
        var bytes = new Dictionary<string, long?>();
        using var store = _folder.Open(new PlainDriverFactory { Watch = calls.Add, Bookkeeping = id => bytes[id.Value] });
        for (var i = 1; i <= 3; i++)
            bytes[store.Containers.Create(new ContainerOptions { Name = $"c{i}" }).LayerId] = i == 2 ? null : 4096L * i;
        calls.Clear();

        var allocated = store.Containers.MeasureAllocated(store.Containers.List());

        Assert.Equal(["c3 12288", "c2 ", "c1 4096"], allocated.Select(container => $"{container.Name} {container.AllocatedBytes}"));
        Assert.Equal(["12.3kB", "", "4.1kB"], allocated.Select(container => container.ToString()));
        Assert.Empty(calls);
        Assert.Equal([12288L, null, 4096L], store.Containers.Measure(store.Containers.List()).Select(size => size.AllocatedBytes));
    }

    [Fact]
    public void A_layer_that_is_gone_is_not_known_and_the_others_are()
    {
        using var store = _folder.Open(new PlainDriverFactory
        {
            Bookkeeping = id => Directory.Exists(Path.Combine(_folder.Root, "plain", id.Value))
                ? 1
                : throw new StoreException(ErrorIds.LayerNotFound, StoreErrorKind.NotFound, id.Value, "It is gone.", ""),
        });
        var gone = store.Containers.Create(new ContainerOptions { Name = "gone" });
        store.Containers.Create(new ContainerOptions { Name = "here" });
        Directory.Delete(Path.Combine(_folder.Root, "plain", gone.LayerId), recursive: true);

        Assert.Equal(["here 1", "gone "], store.Containers.MeasureAllocated(store.Containers.List()).Select(container => $"{container.Name} {container.AllocatedBytes}"));
    }

    [Fact]
    public void A_driver_without_bookkeeping_says_nothing()
    {
        using var store = _folder.Open();
        store.Containers.Create(new ContainerOptions());
        Assert.Null(Assert.Single(store.Containers.MeasureAllocated(store.Containers.List())).AllocatedBytes);
    }
}
