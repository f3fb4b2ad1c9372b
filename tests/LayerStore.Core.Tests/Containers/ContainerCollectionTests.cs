using LayerStore.Containers;
using LayerStore.Tests.Layers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

public sealed class ContainerCollectionTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly Store _store;

    public ContainerCollectionTests() => _store = _folder.Open();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_container_on_nothing_has_a_generated_name_and_its_layer_is_on_disk()
    {
        var container = _store.Containers.Create(new ContainerOptions());
        Assert.Matches("^[0-9a-f]{64}$", container.Id);
        Assert.Matches("^[a-z]+_[a-z]+$", container.Name);
        Assert.Equal([container.LayerId], _folder.LayersOnDisk());
        Assert.Equal(("", "", "", "Created"), (container.Image, container.ImageId, container.Command, container.State));
        Assert.Equal(container.Id, Assert.Single(_store.Containers.List()).Id);
        Assert.Equal(DateTimeKind.Utc, container.Created.Kind);
    }

    [Fact]
    public void Labels_are_kept()
    {
        var labels = new Dictionary<string, string> { ["a"] = "1", ["b.c/d"] = "", ["ä"] = "=" };
        var container = _store.Containers.Create(new ContainerOptions { Name = "c1", Labels = labels });
        Assert.Equal(labels, container.Labels);
        Assert.Equal(labels, _store.Containers.Get("c1").Labels);
        Assert.Equal(labels, Assert.Single(_store.Containers.List()).Labels);
    }

    [Fact]
    public void The_newest_container_is_listed_first()
    {
        foreach (var name in new[] { "c1", "c2", "c3" })
            _store.Containers.Create(new ContainerOptions { Name = name });
        Assert.Equal(["c3", "c2", "c1"], _store.Containers.List().Select(container => container.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-ab")]
    [InlineData(".ab")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ab\n")]
    [InlineData("äb")]
    [InlineData("a\u001b[31m")]
    public void What_is_no_name_is_refused(string name)
    {
        var error = Assert.Throws<StoreException>(() => _store.Containers.Create(new ContainerOptions { Name = name }));
        Assert.Equal(ErrorIds.ContainerNameInvalid, error.ErrorId);
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.Empty(_folder.LayersOnDisk());
    }

    [Fact]
    public void A_name_in_use_is_refused_and_leaves_nothing()
    {
        var first = _store.Containers.Create(new ContainerOptions { Name = "c1" });
        var error = Assert.Throws<StoreException>(() => _store.Containers.Create(new ContainerOptions { Name = "c1" }));
        Assert.Equal(ErrorIds.ContainerNameInUse, error.ErrorId);
        Assert.Contains(first.Id[..12], error.Message, StringComparison.Ordinal);
        Assert.Single(_folder.LayersOnDisk());
        LayerIngestTests.AssertSettled(_store);
    }

    [Fact]
    public void Names_ids_and_beginnings_of_ids_find_a_container()
    {
        var container = _store.Containers.Create(new ContainerOptions { Name = "c1" });
        foreach (var key in new[] { "c1", container.Id, container.Id[..12], container.Id[..20] })
            Assert.Equal(container.Id, _store.Containers.Get(key).Id);
        foreach (var key in new[] { "c2", "", container.Id.ToUpperInvariant(), new string('0', 64), container.Id + "0", "c\u0007" })
        {
            var error = Assert.Throws<StoreException>(() => _store.Containers.Get(key));
            Assert.Equal(ErrorIds.ContainerNotFound, error.ErrorId);
            Assert.DoesNotContain('\u0007', error.Message);
        }
    }

    [Fact]
    public void A_name_wins_over_the_beginning_of_an_id()
    {
        var first = _store.Containers.Create(new ContainerOptions { Name = "c1" });
        var second = _store.Containers.Create(new ContainerOptions { Name = first.Id[..12] });
        Assert.Equal(second.Id, _store.Containers.Get(first.Id[..12]).Id);
        Assert.Equal(first.Id, _store.Containers.Get(first.Id).Id);
    }

    [Fact]
    public void An_ambiguous_beginning_is_refused_with_the_candidates()
    {
        // Seventeen ids on sixteen digits: two of them begin alike.
        var containers = Enumerable.Range(0, 17).Select(_ => _store.Containers.Create(new ContainerOptions())).ToList();
        var alike = containers.GroupBy(container => container.Id[0]).First(group => group.Count() > 1).ToList();
        var error = Assert.Throws<StoreException>(() => _store.Containers.Get(alike[0].Id[..1]));
        Assert.Equal(ErrorIds.IdAmbiguous, error.ErrorId);
        Assert.All(alike.Take(10), container => Assert.Contains(container.Name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Renaming_changes_the_name_and_nothing_else()
    {
        // Names that no id begins with.
        var container = _store.Containers.Create(new ContainerOptions { Name = "one", Labels = new Dictionary<string, string> { ["a"] = "1" } });
        _store.Containers.Create(new ContainerOptions { Name = "two" });
        Assert.Equal("three", _store.Containers.Rename("one", "three").Name);
        Assert.Equal(container.Id, _store.Containers.Get("three").Id);
        Assert.Equal("1", _store.Containers.Get("three").Labels["a"]);
        Assert.Equal(ErrorIds.ContainerNotFound, Assert.Throws<StoreException>(() => _store.Containers.Get("one")).ErrorId);
        Assert.Equal(ErrorIds.ContainerNameInUse, Assert.Throws<StoreException>(() => _store.Containers.Rename("three", "two")).ErrorId);
        Assert.Equal(ErrorIds.ContainerNameInvalid, Assert.Throws<StoreException>(() => _store.Containers.Rename("three", "/")).ErrorId);
        Assert.Equal(ErrorIds.ContainerNotFound, Assert.Throws<StoreException>(() => _store.Containers.Rename("none", "other")).ErrorId);
        Assert.Equal("three", _store.Containers.Rename("three", "three").Name);
    }

    [Fact]
    public void Removing_takes_the_layer_with_it()
    {
        var container = _store.Containers.Create(new ContainerOptions { Name = "c1" });
        Assert.Equal(container.Id, _store.Containers.Remove("c1").Id);
        Assert.Empty(_folder.LayersOnDisk());
        Assert.Empty(_store.Containers.List());
        LayerIngestTests.AssertSettled(_store);
        Assert.Equal(ErrorIds.ContainerNotFound, Assert.Throws<StoreException>(() => _store.Containers.Remove("c1")).ErrorId);
        _store.Containers.Create(new ContainerOptions { Name = "c1" });
    }

    [Fact]
    public void A_driver_that_fails_leaves_no_container()
    {
        foreach (var step in new[] { "Prepare", "Prepare.", "WriteIdentity", "SyncLayer" })
        {
            using var folder = new StoreFolder();
            using var store = folder.Open(seen =>
            {
                if (seen == step)
                    throw new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, null, "Full.", "");
            });
            Assert.Equal(ErrorIds.DiskFull, Assert.Throws<StoreException>(() => store.Containers.Create(new ContainerOptions())).ErrorId);
            Assert.Empty(store.Containers.List());
            Assert.Empty(folder.LayersOnDisk());
            LayerIngestTests.AssertSettled(store);
        }
    }

    [Fact]
    public void The_layer_is_synced_before_the_container_exists()
    {
        using var folder = new StoreFolder();
        using var other = folder.Open();
        var steps = new List<string>();
        using var store = folder.Open(step => steps.Add($"{step} {other.Containers.List().Count}"));
        steps.Clear();
        store.Containers.Create(new ContainerOptions());
        Assert.Equal(["Prepare 0", "Prepare. 0", "WriteIdentity 0", "WriteIdentity. 0", "SyncLayer 0", "SyncLayer. 0"], steps);
        Assert.Single(other.Containers.List());
    }

    [Fact]
    public void Sizes_are_the_writable_layers_and_come_in_the_order_given()
    {
        var containers = Enumerable.Range(0, 30).Select(i =>
        {
            var container = _store.Containers.Create(new ContainerOptions { Name = $"c{i}" });
            File.WriteAllText(Path.Combine(_folder.Root, "plain", container.LayerId, "diff", "file"), new string('x', i));
            return container;
        }).ToList();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (long)i), _store.Containers.Measure(containers).Select(size => size.SizeRw));
        Assert.Equal(7, _store.Containers.Measure("c7").SizeRw);
        Assert.Equal(7, _store.Containers.Measure("c7").SizeRootFs);
        Assert.Equal(1, _store.Containers.Measure("c7").Inodes);
    }

    [Fact]
    public void A_container_that_vanishes_while_many_are_measured_is_left_out()
    {
        var containers = Enumerable.Range(0, 5).Select(i => _store.Containers.Create(new ContainerOptions { Name = $"c{i}" })).ToList();
        _store.Containers.Remove("c2");
        Assert.Equal(["c0", "c1", "c3", "c4"], _store.Containers.Measure(containers).Select(size => size.Name));
    }

    [Fact]
    public void Measuring_can_be_cancelled()
    {
        var containers = Enumerable.Range(0, 50).Select(_ => _store.Containers.Create(new ContainerOptions())).ToList();
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in _store.Containers.Measure(containers, cancel.Token))
                cancel.Cancel();
        });
    }

    [Fact]
    public async Task Threads_make_containers_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10; i++)
                _store.Containers.Create(new ContainerOptions());
        })));
        Assert.Equal(80, _store.Containers.List().Select(container => container.Name).Distinct().Count());
        Assert.Equal(80, _folder.LayersOnDisk().Count);
        LayerIngestTests.AssertSettled(_store);
    }

    [Fact]
    public async Task Of_threads_that_want_one_name_one_gets_it()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            try
            {
                return _store.Containers.Create(new ContainerOptions { Name = "c1" }).Name;
            }
            catch (StoreException e)
            {
                return e.ErrorId;
            }
        })));
        Assert.Single(results, "c1");
        Assert.Equal(7, results.Count(result => result == ErrorIds.ContainerNameInUse));
        Assert.Single(_folder.LayersOnDisk());
    }

    [Fact]
    public async Task Processes_make_containers_at_once()
    {
        var outputs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Child.Run("create", _folder.Root, "-", "5").Output)));
        var made = outputs.SelectMany(output => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();
        Assert.Equal(20, made.Count);
        Assert.Equal(made, _store.Containers.List().Select(container => container.Id).ToHashSet());
        LayerIngestTests.AssertSettled(_store);
    }

    [Theory]
    [InlineData("Prepare", 0)]
    [InlineData("Prepare.", 0)]
    [InlineData("WriteIdentity.", 0)]
    [InlineData("SyncLayer", 0)]
    [InlineData("SyncLayer.", 0)]
    [InlineData("-", 1)]
    public void A_creation_that_is_killed_leaves_nothing(string step, int containers)
    {
        Child.Run("create", _folder.Root, step, "1");
        using var next = _folder.Open();
        Assert.Equal(containers, next.Containers.List().Count);
        Assert.Equal(containers, _folder.LayersOnDisk().Count);
        LayerIngestTests.AssertSettled(next);
    }

    [Theory]
    [InlineData("Remove")]
    [InlineData("Remove.")]
    public void A_removal_that_is_killed_is_finished_by_the_next_opener(string step)
    {
        _store.Containers.Create(new ContainerOptions { Name = "c1" });
        Assert.Equal(137, Child.Run("remove-container", _folder.Root, step, "c1").ExitCode);
        using var next = _folder.Open();
        Assert.Empty(next.Containers.List());
        Assert.Empty(_folder.LayersOnDisk());
        LayerIngestTests.AssertSettled(next);
    }
}
