using LayerStore.Tests.Support;

namespace LayerStore.Tests.Layers;

/// <summary>A process is killed at each step of the protocol; whoever opens the store next finds it clean.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Killed = 137;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Prepare")]
    [InlineData("Prepare.")]
    [InlineData("Added")]
    [InlineData("Extracted")]
    [InlineData("CompleteApply.")]
    [InlineData("WriteIdentity.")]
    [InlineData("Commit.")]
    [InlineData("Completed")]
    [InlineData("Sync")]
    [InlineData("Sync.")]
    [InlineData("Committing")]
    public void An_import_that_is_killed_leaves_nothing(string step)
    {
        using (var store = _folder.Open())
            StoreFolder.Import(store, "kept:1", "base");
        Assert.Equal(Killed, Child.Run("import", _folder.Root, step, "a:1", "base", "one", "two").ExitCode);
        using var next = _folder.Open();
        Assert.Single(_folder.LayersOnDisk());
        Assert.Equal(["kept:1"], Assert.Single(next.Layers.List()).Images);
        LayerIngestTests.AssertSettled(next);
        StoreFolder.Import(next, "a:1", "base", "one", "two");
        Assert.Equal(3, next.Layers.List().Count);
        LayerIngestTests.AssertSettled(next);
    }

    [RootTheory]
    [InlineData("overlay2", "Prepare.")]
    [InlineData("overlay2", "Extracted")]
    [InlineData("overlay2", "CompleteApply.")]
    [InlineData("overlay2", "Sync.")]
    [InlineData("vfs", "Prepare.")]
    [InlineData("vfs", "Extracted")]
    [InlineData("vfs", "CompleteApply.")]
    [InlineData("vfs", "Sync.")]
    public void So_it_is_with_the_drivers_that_users_have(string driver, string step)
    {
        using (var store = _folder.OpenWith(driver))
            StoreFolder.Import(store, "kept:1", "base");
        Assert.Equal(Killed, Child.Run("import", _folder.Root, step, "a:1", "base", "one", "two").ExitCode);
        using var next = _folder.OpenWith(driver);
        Assert.Single(next.Driver.Enumerate());
        LayerIngestTests.AssertSettled(next);
        StoreFolder.Import(next, "a:1", "base", "one", "two");
        Assert.Equal(3, next.Layers.List().Count);
        LayerIngestTests.AssertSettled(next);
    }

    [Fact]
    public void An_import_that_is_killed_after_its_commit_is_complete()
    {
        Assert.Equal(Killed, Child.Run("import", _folder.Root, "Committed", "a:1", "one", "two").ExitCode);
        using var next = _folder.Open();
        Assert.Equal(2, next.Layers.List().Count);
        LayerIngestTests.AssertSettled(next);
    }

    [Theory]
    [InlineData("Remove")]
    [InlineData("Remove.")]
    public void A_removal_that_is_killed_is_finished_by_the_next_opener(string step)
    {
        string image;
        using (var store = _folder.Open())
            image = StoreFolder.Import(store, "a:1", "one", "two");
        Assert.Equal(Killed, Child.Run("remove-image", _folder.Root, step, image).ExitCode);
        using var next = _folder.Open();
        Assert.Empty(_folder.LayersOnDisk());
        Assert.Empty(next.Layers.List());
        LayerIngestTests.AssertSettled(next);
    }

    [Fact]
    public void What_a_live_process_prepares_is_left_alone_until_it_dies()
    {
        using (_folder.Open())
        {
        }
        using var holder = Child.Start("hold", _folder.Root, "-", "one");
        try
        {
            Assert.Equal("held", holder.StandardOutput.ReadLine());
            using (_folder.Open())
                Assert.Single(_folder.LayersOnDisk());
            using var store = _folder.Open();
            using var ingest = store.Layers.BeginIngest();
            using var soon = new CancellationTokenSource(200);
            Assert.ThrowsAny<OperationCanceledException>(() => ingest.Add(StoreFolder.ChainIds("one")[0], StoreFolder.DiffId("one"), soon.Token));
            holder.Kill();
            holder.WaitForExit();
            // The one who waits takes over without opening the store again.
            Assert.False(ingest.Add(StoreFolder.ChainIds("one")[0], StoreFolder.DiffId("one"), CancellationToken.None).AlreadyExists);
            Assert.Single(_folder.LayersOnDisk());
        }
        finally
        {
            if (!holder.HasExited)
                holder.Kill();
        }
    }

    [Fact]
    public async Task Several_openers_mend_one_store_together()
    {
        using (_folder.Open())
        {
        }
        Assert.Equal(Killed, Child.Run("import", _folder.Root, "Sync", "a:1", "one", "two", "three").ExitCode);
        Assert.Equal(3, _folder.LayersOnDisk().Count);
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _folder.Open())));
        foreach (var store in stores)
            store.Dispose();
        using var next = _folder.Open();
        Assert.Empty(_folder.LayersOnDisk());
        LayerIngestTests.AssertSettled(next);
    }

    [Fact]
    public async Task Of_many_processes_that_import_one_image_one_makes_each_layer()
    {
        using (_folder.Open())
        {
        }
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            Assert.Equal(0, Child.Run("import", _folder.Root, "-", $"a:{i}", "shared", "upper").ExitCode))));
        using var store = _folder.Open();
        Assert.Equal(2, _folder.LayersOnDisk().Count);
        Assert.Equal(8, store.Layers.List()[0].Images.Count);
        LayerIngestTests.AssertSettled(store);
    }

    [Fact]
    public void After_a_boot_a_directory_whose_row_was_lost_goes_and_an_orphan_with_an_identity_stays()
    {
        var (lost, orphan) = (LayerId.New(), LayerId.New());
        using (var store = _folder.Open())
        {
            store.Driver.Prepare(lost, LayerStore.Drivers.LayerPurpose.Image, []);
            store.Driver.Prepare(orphan, LayerStore.Drivers.LayerPurpose.Image, []);
            store.Driver.WriteIdentity(orphan, "{}"u8);
            store.Metadata.Database.Write(
                transaction => LayerStore.Metadata.SettingRecords.Set(transaction, LayerStore.Metadata.SettingRecords.BootId, "another boot"), durable: false);
        }
        using var next = _folder.Open();
        Assert.Equal([orphan.Value], next.Layers.Orphans());
        next.Layers.RemoveOrphan(orphan.Value);
        Assert.Empty(next.Layers.Orphans());
        Assert.Equal(ErrorIds.LayerNotFound, Assert.Throws<StoreException>(() => next.Layers.RemoveOrphan(orphan.Value)).ErrorId);
    }

    [Fact]
    public void A_layer_whose_identity_was_not_confirmed_was_never_complete_unless_the_database_is_new()
    {
        var (known, unfinished) = (LayerId.New(), LayerId.New());
        using (var store = _folder.OpenWith("vfs"))
        {
            Draft(store, known);
            Draft(store, unfinished);
        }
        File.Delete(_folder.Database);
        using (var store = _folder.OpenWith("vfs"))
        {
            store.Driver.Remove(unfinished);
            Draft(store, unfinished);
            store.Metadata.Database.Write(
                transaction => LayerStore.Metadata.SettingRecords.Set(transaction, LayerStore.Metadata.SettingRecords.BootId, "another boot"), durable: false);
        }
        using var next = _folder.OpenWith("vfs");
        Assert.Equal([known.Value], next.Layers.Orphans());

        static void Draft(Store store, LayerId id)
        {
            store.Driver.Prepare(id, LayerStore.Drivers.LayerPurpose.Container, []);
            store.Driver.WriteIdentity(id, "{}"u8);
        }
    }
}
