using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>An import whose process is killed: the next opener undoes it, or finds all of it.</summary>
public sealed class KilledImportTests
{
    [Theory]
    [InlineData("overlay2", ImportState.Extracting, 0)]
    [InlineData("overlay2", ImportState.Extracted, 2)]
    [InlineData("vfs", ImportState.Extracting, 3)]
    [InlineData("vfs", ImportState.Extracted, 0)]
    public void Killed_before_its_commit_it_leaves_nothing(string driver, ImportState state, int layer)
    {
        using var store = new ImportStore(driver);
        var path = FourLayers(store);
        var before = store.Traces();

        var (exitCode, _) = Child.Run("import-archive", store.Root, $"{state} {layer}", path);
        Assert.Equal(137, exitCode);

        using (Store.Open(new StoreOptions { Root = store.Root }))
            Assert.Equal(before, store.Traces());
        Assert.Equal(4, store.Import(path).Single().LayerCount);
    }

    [Fact]
    public void Killed_after_its_commit_it_is_whole()
    {
        using var store = new ImportStore();
        var path = FourLayers(store);

        var (exitCode, _) = Child.Run("import-archive", store.Root, $"{ImportState.Complete} 0", path);
        Assert.Equal(137, exitCode);

        using var again = Store.Open(new StoreOptions { Root = store.Root });
        Assert.Equal(4, again.Images.Get("app:1").LayerCount);
        Assert.Equal(4, again.Driver.Enumerate().Count());
    }

    private static string FourLayers(ImportStore store)
    {
        var image = new ImageBuilder("app:1");
        for (var i = 0; i < 4; i++)
            image.Layer(($"file{i}", new string('x', 300_000)));
        image.WriteDockerArchive(store["image.tar"]);
        return store["image.tar"];
    }
}
