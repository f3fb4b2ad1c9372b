using LayerStore.Layers;
using LayerStore.Metadata;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Layers;

public sealed class LayerIngestTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Chain_ids_are_those_of_the_image_specification()
    {
        // Published by Docker for the two layers of hello-world-like images: SHA-256 over "chain SP diff", lower case, no line end.
        var lower = Digest.Parse("sha256:" + new string('a', 64));
        var upper = Digest.Parse("sha256:" + new string('b', 64));
        Assert.Equal(lower, LayerIngest.ChainIdOf(null, lower));
        var expected = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($"sha256:{new string('a', 64)} sha256:{new string('b', 64)}"));
        Assert.Equal(Digest.FromSha256(expected), LayerIngest.ChainIdOf(lower, upper));
    }

    [Fact]
    public void A_committed_import_leaves_its_layers_in_chain_order_and_nothing_unsettled()
    {
        using var store = _folder.Open();
        StoreFolder.Import(store, "a:1", "one", "two", "three");
        var layers = store.Layers.List();
        Assert.Equal(["one", "two", "three"], layers.Select(layer => File.ReadAllText(Path.Combine(_folder.Root, "plain", layer.Id, "diff", "content"))));
        Assert.Equal([0, 1, 2], layers.Select(layer => layer.Depth));
        Assert.Equal([null, layers[0].Id, layers[1].Id], layers.Select(layer => layer.ParentId));
        Assert.All(layers, layer => Assert.Equal(1, layer.RefCount));
        Assert.All(layers, layer => Assert.Equal(["a:1"], layer.Images));
        Assert.Equal(3, layers[0].Size);
        AssertSettled(store);
    }

    [Fact]
    public void Everything_is_synced_once_before_the_durable_commit()
    {
        var steps = new List<string>();
        using var store = _folder.Open(steps.Add);
        steps.Clear();
        StoreFolder.Import(store, "a:1", steps.Add, "one", "two");
        Assert.Equal(
            ["Prepare", "Prepare.", "Prepare", "Prepare.", "Added",
                "Extracted", "CompleteApply", "CompleteApply.", "WriteIdentity", "WriteIdentity.", "Commit", "Commit.",
                "Extracted", "CompleteApply", "CompleteApply.", "WriteIdentity", "WriteIdentity.", "Commit", "Commit.",
                "Completed", "Sync", "Sync.", "Committing", "Committed"],
            steps);
    }

    [Fact]
    public void The_row_is_written_before_the_driver_acts()
    {
        using var other = _folder.Open();
        LayerState? seen = null;
        using var store = _folder.Open(step =>
        {
            if (step == "Prepare")
                seen = other.Metadata.Layers.FindByChain(StoreFolder.ChainIds("one")[0])?.State;
        });
        StoreFolder.Import(store, "a:1", "one");
        Assert.Equal(LayerState.Preparing, seen);
        Assert.Equal(LayerState.Committed, other.Metadata.Layers.FindByChain(StoreFolder.ChainIds("one")[0])?.State);
    }

    [Fact]
    public void A_layer_that_exists_is_found_and_not_made_again()
    {
        using var store = _folder.Open();
        StoreFolder.Import(store, "a:1", "one", "two");
        StoreFolder.Import(store, "b:1", "one", "three");
        Assert.Equal(3, _folder.LayersOnDisk().Count);
        var one = Assert.Single(store.Layers.List(), layer => layer.Depth == 0);
        Assert.Equal(2, one.RefCount);
        Assert.Equal(["a:1", "b:1"], one.Images);
    }

    [Fact]
    public void Disposing_without_commit_undoes_what_was_prepared_and_keeps_what_others_committed()
    {
        using var store = _folder.Open();
        StoreFolder.Import(store, "a:1", "one");
        var chainIds = StoreFolder.ChainIds("one", "two", "three");
        using (var ingest = store.Layers.BeginIngest())
        {
            var one = ingest.Add(chainIds[0], StoreFolder.DiffId("one"), CancellationToken.None);
            var two = ingest.Add(chainIds[1], StoreFolder.DiffId("two"), CancellationToken.None);
            ingest.Add(chainIds[2], StoreFolder.DiffId("three"), CancellationToken.None);
            Assert.True(one.AlreadyExists);
            ingest.Complete(two, one, StoreFolder.Extracted("two"));
            Assert.Equal(3, _folder.LayersOnDisk().Count);
        }
        Assert.Single(_folder.LayersOnDisk());
        Assert.Single(store.Layers.List());
        AssertSettled(store);
    }

    [Fact]
    public void A_layer_with_another_digest_is_refused_with_both_values()
    {
        using var store = _folder.Open();
        using var ingest = store.Layers.BeginIngest();
        var layer = ingest.Add(StoreFolder.ChainIds("one")[0], StoreFolder.DiffId("one"), CancellationToken.None);
        var error = Assert.Throws<StoreException>(() => ingest.Complete(layer, null, StoreFolder.Extracted("other")));
        Assert.Equal(ErrorIds.LayerDigestMismatch, error.ErrorId);
        Assert.Contains(StoreFolder.DiffId("one").ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(StoreFolder.DiffId("other").ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_layers_than_the_driver_stacks_are_refused_and_leave_nothing()
    {
        using var store = _folder.Open();
        Assert.Equal(ErrorIds.LayerDepthExceeded, Assert.Throws<StoreException>(() => StoreFolder.Import(store, "a:1", "1", "2", "3", "4", "5", "6")).ErrorId);
        Assert.Empty(_folder.LayersOnDisk());
        AssertSettled(store);
    }

    [Fact]
    public void A_chain_is_cut_at_a_layer_that_hides_everything_below()
    {
        using var store = _folder.Open();
        var contents = new[] { "1", "2", "3", "4", "5", "6" };
        var chainIds = StoreFolder.ChainIds(contents);
        using var ingest = store.Layers.BeginIngest();
        var layers = chainIds.Select((id, i) => ingest.Add(id, StoreFolder.DiffId(contents[i]), CancellationToken.None)).ToList();
        for (var i = 0; i < layers.Count; i++)
            ingest.Complete(layers[i], i == 0 ? null : layers[i - 1], StoreFolder.Extracted(contents[i], opaque: i == 2));
        var driver = (PlainDriver)store.Driver;
        Assert.Equal([layers[0].Id.Value], driver.ParentsThatWereGiven(layers[1].Id));
        Assert.Empty(driver.ParentsThatWereGiven(layers[2].Id));
        Assert.Equal([layers[4].Id.Value, layers[3].Id.Value, layers[2].Id.Value], driver.ParentsThatWereGiven(layers[5].Id));
        Assert.Equal([layers[4].Id, layers[3].Id, layers[2].Id], store.Layers.ParentsOf(layers[5].Id));
        Assert.Empty(store.Layers.ParentsOf(layers[2].Id));
    }

    [Fact]
    public void A_driver_that_fails_in_the_middle_leaves_nothing()
    {
        foreach (var step in new[] { "Prepare", "Prepare.", "CompleteApply", "CompleteApply.", "WriteIdentity", "Commit", "Sync" })
        {
            using var folder = new StoreFolder();
            using (folder.Open())
            {
            }
            using var store = folder.Open(seen =>
            {
                if (seen == step)
                    throw new StoreException(ErrorIds.DiskFull, StoreErrorKind.NoSpace, null, "Full.", "");
            });
            Assert.Equal(ErrorIds.DiskFull, Assert.Throws<StoreException>(() => StoreFolder.Import(store, "a:1", "one", "two")).ErrorId);
            Assert.Empty(folder.LayersOnDisk());
            Assert.Empty(store.Layers.List());
            AssertSettled(store);
        }
    }

    [Fact]
    public async Task Of_many_threads_that_import_one_layer_one_makes_it()
    {
        using (_folder.Open())
        {
        }
        var prepared = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            using var store = _folder.Open(step => _ = step == "Prepare" ? Interlocked.Increment(ref prepared) : 0);
            StoreFolder.Import(store, $"a:{i}", "shared", "upper");
        })));
        using var all = _folder.Open();
        Assert.Equal(2, prepared);
        Assert.Equal(2, _folder.LayersOnDisk().Count);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"a:{i}"), all.Layers.List()[0].Images);
        AssertSettled(all);
    }

    [Fact]
    public async Task Who_waits_for_an_import_that_fails_takes_over()
    {
        using var store = _folder.Open();
        var chainId = StoreFolder.ChainIds("one")[0];
        var first = store.Layers.BeginIngest();
        first.Add(chainId, StoreFolder.DiffId("one"), CancellationToken.None);
        var second = Task.Run(() => StoreFolder.Import(store, "a:1", "one"));
        await Task.Delay(100);
        Assert.False(second.IsCompleted);
        first.Dispose();
        await second;
        Assert.Single(_folder.LayersOnDisk());
        AssertSettled(store);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var store = _folder.Open();
        var chainId = StoreFolder.ChainIds("one")[0];
        using var first = store.Layers.BeginIngest();
        first.Add(chainId, StoreFolder.DiffId("one"), CancellationToken.None);
        using var second = store.Layers.BeginIngest();
        using var cancel = new CancellationTokenSource();
        var waiting = Task.Run(() => second.Add(chainId, StoreFolder.DiffId("one"), cancel.Token));
        cancel.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Two_imports_that_wait_for_each_other_do_not_wait_for_ever()
    {
        using var store = _folder.Open();
        using var both = new Barrier(2);
        var results = await Task.WhenAll(new[] { ("one", "two"), ("two", "one") }.Select(order => Task.Run(() =>
        {
            using var ingest = store.Layers.BeginIngest();
            ingest.Add(StoreFolder.DiffId(order.Item1), StoreFolder.DiffId(order.Item1), CancellationToken.None);
            both.SignalAndWait();
            try
            {
                ingest.Add(StoreFolder.DiffId(order.Item2), StoreFolder.DiffId(order.Item2), CancellationToken.None);
                return "";
            }
            catch (StoreException e)
            {
                return e.ErrorId;
            }
        })));
        Assert.Equal(["", ErrorIds.StoreBusy], results.Order(StringComparer.Ordinal));
        AssertSettled(store);
    }

    [Fact]
    public void A_layer_that_an_import_found_does_not_vanish_under_it()
    {
        using var store = _folder.Open();
        var image = StoreFolder.Import(store, "a:1", "one");
        var chainIds = StoreFolder.ChainIds("one", "two");
        using (var ingest = store.Layers.BeginIngest())
        {
            var one = ingest.Add(chainIds[0], StoreFolder.DiffId("one"), CancellationToken.None);
            StoreFolder.RemoveImage(store, image);
            Assert.Single(_folder.LayersOnDisk());
            var two = ingest.Add(chainIds[1], StoreFolder.DiffId("two"), CancellationToken.None);
            ingest.Complete(two, one, StoreFolder.Extracted("two"));
        }
        // The import was not committed: now nothing needs the layer.
        Assert.Empty(_folder.LayersOnDisk());
        AssertSettled(store);
    }

    [Fact]
    public void Removing_an_image_removes_the_layers_that_nothing_else_needs()
    {
        using var store = _folder.Open();
        var first = StoreFolder.Import(store, "a:1", "one", "two");
        var second = StoreFolder.Import(store, "b:1", "one", "three");
        StoreFolder.RemoveImage(store, first);
        Assert.Equal(2, store.Layers.List().Count);
        Assert.Equal(2, _folder.LayersOnDisk().Count);
        StoreFolder.RemoveImage(store, second);
        Assert.Empty(_folder.LayersOnDisk());
        AssertSettled(store);
    }

    [Fact]
    public void An_image_whose_top_is_the_middle_of_another_keeps_it()
    {
        using var store = _folder.Open();
        var whole = StoreFolder.Import(store, "a:1", "one", "two");
        StoreFolder.Import(store, "b:1", "one");
        StoreFolder.RemoveImage(store, whole);
        Assert.Single(store.Layers.List());
    }

    [Fact]
    public void A_layer_that_cannot_be_deleted_is_left_to_the_next_opener()
    {
        using (var store = _folder.Open(step =>
        {
            if (step == "Remove")
                throw new StoreException(ErrorIds.InputOutputError, StoreErrorKind.InputOutput, null, "Stuck.", "");
        }))
        {
            var image = StoreFolder.Import(store, "a:1", "one", "two");
            Assert.Equal(ErrorIds.InputOutputError, Assert.Throws<StoreException>(() => StoreFolder.RemoveImage(store, image)).ErrorId);
            Assert.Empty(store.Layers.List());
            Assert.Equal(2, _folder.LayersOnDisk().Count);
            Assert.Contains("2 removed layer(s)", Assert.Single(store.GetInfo().Warnings), StringComparison.Ordinal);
            // Also while the process that failed still lives.
            using var next = _folder.Open();
            Assert.Empty(_folder.LayersOnDisk());
            AssertSettled(next);
        }
    }

    internal static void AssertSettled(Store store)
    {
        Assert.Empty(store.Layers.Orphans());
        var metadata = store.Metadata;
        Assert.Equal(metadata.Layers.AllIds(), store.Driver.Enumerate().Select(layer => layer.Id).ToHashSet());
        Assert.Equal(0, metadata.Database.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM layers WHERE state <> 1")));
        Assert.Equal(0, metadata.Database.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM leases")));
        Assert.Equal("ok", metadata.Database.Read(transaction => transaction.Connection.Text("PRAGMA integrity_check")));
        Assert.Equal(0, metadata.Database.Read(transaction => transaction.Connection.Number("SELECT count(*) FROM pragma_foreign_key_check")));
    }
}
