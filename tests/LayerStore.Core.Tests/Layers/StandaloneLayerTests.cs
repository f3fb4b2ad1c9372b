using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Layers;

/// <summary>Single layers, to and from files: they need no image, and stay until somebody removes them.</summary>
public sealed class StandaloneLayerTests : IDisposable
{
    private readonly ImportStore _store = new("vfs");
    private readonly ImageBuilder _image = NewImage();

    public void Dispose() => _store.Dispose();

    [RootTheory]
    [InlineData("overlay2", CompressionKind.None)]
    [InlineData("overlay2", CompressionKind.Zstd)]
    [InlineData("vfs", CompressionKind.Gzip)]
    public void What_is_exported_is_the_archive_and_comes_back_as_the_same_chain(string driver, CompressionKind compression)
    {
        using var other = new ImportStore(driver);
        Travel(_store, other, compression);
    }

    [Fact]
    public void They_are_no_garbage_for_whoever_opens_the_store_next()
    {
        File.WriteAllBytes(_store["layer.tar"], _image.Layers[0]);
        var layer = _store.Store.Images.ImportLayer(_store["layer.tar"]);
        _store.Store.Metadata.Database.Write(transaction => transaction.Connection.Execute("UPDATE settings SET value = 'another boot' WHERE name = 'boot_id'"), durable: true);

        using var again = Store.Open(new StoreOptions { Root = _store.Root });

        Assert.Equal(layer.Id, Assert.Single(again.Layers.List()).Id);
        Assert.Empty(again.Layers.Orphans());
        again.Layers.WriteArchive(layer.Id, Stream.Null);
    }

    [Fact]
    public void A_layer_goes_with_what_was_there_for_its_sake()
    {
        var image = _store.Import(_image);
        File.WriteAllBytes(_store["top.tar"], new ImageBuilder("x").Layer(("d", "d")).Layers[0]);
        var top = _store.Store.Images.ImportLayer(_store["top.tar"], new LayerImportOptions { Parent = "app:1" });
        Assert.Equal((image.Layers[1], 2, 0), (top.ParentId, top.Depth, top.RefCount));

        _store.Store.Images.Remove("app:1");
        Assert.Equal(3, _store.Store.Layers.List().Count);
        Assert.Equal([top.Id, image.Layers[1], image.Layers[0]], _store.Store.Layers.Remove(top.Id).Select(layer => layer.Id));

        Assert.Empty(_store.Store.Layers.List());
        Assert.Empty(_store.Driver());
    }

    [Fact]
    public void What_something_needs_stays()
    {
        var image = _store.Import(_image);
        var inUse = Assert.Throws<StoreException>(() => _store.Store.Layers.Remove(image.Layers[0], force: true));
        Assert.Equal(ErrorIds.LayerInUse, inUse.ErrorId);
        Assert.Contains("app:1", inUse.Message, StringComparison.Ordinal);

        File.WriteAllBytes(_store["0"], new ImageBuilder("x").Layer(("lower", "1")).Layers[0]);
        File.WriteAllBytes(_store["1"], new ImageBuilder("x").Layer(("upper", "22")).Layers[0]);
        var lower = _store.Store.Images.ImportLayer(_store["0"]);
        var upper = _store.Store.Images.ImportLayer(_store["1"], new LayerImportOptions { Parent = lower.DiffId });
        Assert.Contains(upper.Id[..12], Assert.Throws<StoreException>(() => _store.Store.Layers.Remove(lower.Id)).Message, StringComparison.Ordinal);
        Assert.Equal([upper.Id, lower.Id], _store.Store.Layers.Remove(lower.Id, force: true).Select(layer => layer.Id));
        Assert.Equal(2, _store.Store.Layers.List().Count);
    }

    [Fact]
    public void A_layer_that_is_imported_twice_is_there_once_and_stays_when_its_image_goes()
    {
        var image = _store.Import(_image);
        File.WriteAllBytes(_store["0"], _image.Layers[0]);

        Assert.Equal(image.Layers[0], _store.Store.Images.ImportLayer(_store["0"]).Id);
        Assert.Equal(image.Layers[0], _store.Store.Images.ImportLayer(_store["0"]).Id);
        _store.Store.Images.Remove("app:1");

        Assert.Equal(image.Layers[0], Assert.Single(_store.Store.Layers.List()).Id);
    }

    [Theory]
    [InlineData("digest", ErrorIds.LayerDigestMismatch)]
    [InlineData("nodigest", ErrorIds.DigestInvalid)]
    [InlineData("parent", ErrorIds.LayerNotFound)]
    [InlineData("nofile", ErrorIds.ArchiveNotFound)]
    [InlineData("damaged", ErrorIds.ArchiveTruncated)]
    public void What_is_not_as_it_should_be_leaves_nothing(string what, string errorId)
    {
        File.WriteAllBytes(_store["layer"], what == "damaged" ? _image.Layers[0][..^2000] : _image.Layers[0]);
        var before = _store.Traces();
        var options = new LayerImportOptions
        {
            ExpectedDigest = what == "digest" ? _image.DiffIds[1].ToString() : what == "nodigest" ? "sha256:1" : null,
            Parent = what == "parent" ? "123456789abc" : null,
        };

        var error = Assert.Throws<StoreException>(() => _store.Store.Images.ImportLayer(_store[what == "nofile" ? "nothing" : "layer"], options));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(before, _store.Traces());
    }

    [Fact]
    public async Task A_pipe_serves_too()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        var writer = Task.Run(() =>
        {
            pipe.Write(_image.Layers[0]);
            pipe.Dispose();
        });

        var layer = _store.Store.Images.ImportLayer($"/proc/self/fd/{pipe.GetClientHandleAsString()}");

        Assert.Equal(_image.DiffIds[0].ToString(), layer.DiffId);
        await writer;
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_only_by_force_and_a_failure_leaves_none()
    {
        var image = _store.Import(_image);
        File.WriteAllText(_store["there"], "x");

        Assert.Equal(ErrorIds.ExportPathExists, Assert.Throws<StoreException>(() => _store.Store.Images.ExportLayer(image.Layers[0], _store["there"])).ErrorId);
        Assert.Equal("x", File.ReadAllText(_store["there"]));
        _store.Store.Images.ExportLayer(image.Layers[0], _store["there"], force: true);
        Assert.Equal(_image.Layers[0], File.ReadAllBytes(_store["there"]));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => _store.Store.Images.ExportLayer(image.Layers[0], _store["never"], cancellation: stopped.Token));
        Assert.Equal(["image.tar", "root", "there"], Directory.EnumerateFileSystemEntries(_store["."]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>Each layer of an image goes into a file and from there into another store, stays when its image goes, and goes by itself.</summary>
    /// <param name="store">A store without layers.</param>
    /// <param name="other">Another one.</param>
    /// <param name="compression">The files' compression.</param>
    internal static void Travel(ImportStore store, ImportStore other, CompressionKind compression)
    {
        var builder = NewImage();
        var image = store.Import(builder);

        ContainerLayer? parent = null;
        for (var i = 0; i < 2; i++)
        {
            var archive = store.Store.Images.ExportLayer(image.Layers[i], store[$"{i}"], compression);
            Assert.Equal((builder.DiffIds[i].ToString(), new FileInfo(store[$"{i}"]).Length, image.Layers[i]), (archive.DiffId, archive.Size, archive.LayerId));
            if (compression == CompressionKind.None)
                Assert.Equal(builder.Layers[i], File.ReadAllBytes(archive.FullName));
            Assert.Equal(ImageBuilder.DigestOf(File.ReadAllBytes(archive.FullName)).ToString(), archive.Digest);
            parent = other.Store.Images.ImportLayer(archive.FullName, new LayerImportOptions { Parent = parent?.Id, ExpectedDigest = i == 0 ? archive.Digest : archive.DiffId });
        }

        Assert.Equal(store.Store.Layers.List().Select(layer => (layer.ChainId, layer.Size)), other.Store.Layers.List().Select(layer => (layer.ChainId, layer.Size)));
        Assert.All(other.Store.Layers.List(), layer => Assert.True(layer.Kept));
        // The same image needs nothing more, and leaves them.
        other.Import(builder);
        Assert.Equal(2, other.Store.Layers.List().Count);
        other.Store.Images.Remove("app:1");
        Assert.Equal(2, other.Driver().Count);
        Assert.Equal([parent!.Id, parent.ParentId], other.Store.Layers.Remove(parent.ParentId!, force: true).Select(layer => layer.Id));
        Assert.Empty(other.Driver());
    }

    private static ImageBuilder NewImage() => new ImageBuilder("app:1").Layer(("etc/motd", "hello"), ("b", new string('b', 300_000))).Layer(layer => layer.Whiteout("etc/motd").File("c", new byte[100_000]));
}

/// <summary>What is on disk.</summary>
file static class Disk
{
    public static IReadOnlyList<string> Driver(this ImportStore store) => [.. store.Store.Driver.Enumerate().Select(layer => layer.Id.Value)];
}
