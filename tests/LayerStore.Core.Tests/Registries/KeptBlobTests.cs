using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Layers;
using LayerStore.Registries;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Registries;

/// <summary>Compressed blobs that are kept go out again as they came, and live no longer than their layers.</summary>
public sealed class KeptBlobTests : IDisposable
{
    private static readonly ImportOptions Keep = new() { KeepCompressed = true };

    private readonly RegistryStore _store = new();
    private readonly FakeRegistry _target = new();

    public void Dispose()
    {
        _target.Dispose();
        _store.Dispose();
    }

    // A level and a compressor of nobody's: made anew the blobs would be others.
    private static ImageBuilder Image(CompressionKind compression) => new ImageBuilder { Compression = compression }.Layer(layer => layer.File("a", new string('x', 3 << 20))).Layer(("b", "2"));

    private IReadOnlyList<KeptBlob?> Kept() => [.. _store.Store.Layers.List().Select(layer => KeptBlob.Find(_store.Store.Driver, LayerId.Parse(layer.Id)))];

    [Theory]
    [InlineData(CompressionKind.Gzip)]
    [InlineData(CompressionKind.Zstd)]
    public void What_was_pulled_is_pushed_as_the_same_blobs_and_the_same_manifest(CompressionKind compression)
    {
        using var source = new FakeRegistry(Image(compression));
        _store.Pull(source.Reference, options: Keep);

        Assert.All(Kept(), blob => Assert.Equal(source.Blobs[blob!.Digest.ToString()], File.ReadAllBytes(blob.Path)));
        Assert.Equal(source.Digest, _store.Push(source.Reference, _target.Server.Authority + "/team/app:1").Digest);
        Assert.Equal(source.Blobs.Keys.Order(StringComparer.Ordinal), _target.Blobs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Kept().Sum(blob => blob!.Size), Store.Describe(_store.Store.Root, detailed: true).KeptBlobBytes);
    }

    [Fact]
    public void Without_being_asked_for_nothing_is_kept_and_plain_layers_never()
    {
        using var source = new FakeRegistry(Image(CompressionKind.Gzip));
        _store.Pull(source.Reference);
        Assert.All(Kept(), Assert.Null);
        using var plain = new FakeRegistry(new ImageBuilder().Layer(("c", "3")));
        _store.Pull(plain.Reference, options: Keep);
        Assert.All(Kept(), Assert.Null);
        Assert.Equal(0, Store.Describe(_store.Store.Root, detailed: true).KeptBlobBytes);
        Assert.DoesNotContain(_store.Traces(), path => path.Contains("blob", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_asks_for_another_compression_gets_it()
    {
        using var source = new FakeRegistry(Image(CompressionKind.Gzip));
        _store.Pull(source.Reference, options: Keep);
        _store.Push(source.Reference, _target.Server.Authority + "/team/app:1", new PushOptions { Compression = CompressionKind.Zstd });
        Assert.All(Kept(), blob => Assert.DoesNotContain(blob!.Digest.ToString(), _target.Blobs.Keys));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_blob_is_made_anew(bool shorter)
    {
        using var source = new FakeRegistry(Image(CompressionKind.Gzip));
        _store.Pull(source.Reference, options: Keep);
        foreach (var blob in Kept())
        {
            var bytes = File.ReadAllBytes(blob!.Path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(blob.Path, shorter ? bytes[..^2] : bytes);
        }
        _store.Push(source.Reference, _target.Server.Authority + "/team/app:1");
        _store.Store.Images.Export([source.Reference], _store["out.tar"], new ExportOptions { Format = ExportFormat.OciArchive, Compression = CompressionKind.Gzip });

        using var other = new RegistryStore();
        Assert.Equal(2, other.Pull(_target.Server.Authority + "/team/app:1").LayerCount);
        Assert.Equal(2, other.Store.Images.Import(_store["out.tar"], new ImportOptions()).Single().LayerCount);
        Assert.Empty(_target.Uploads);
    }

    [Fact]
    public void An_archives_layers_are_kept_too_and_exported_as_they_came()
    {
        var builder = Image(CompressionKind.Gzip);
        builder.Names.Add("app:1");
        builder.CompressDockerLayers = true;
        builder.WriteDockerArchive(_store["in.tar"]);
        _ = _store.Store.Images.Import(_store["in.tar"], Keep).ToList();
        Assert.All(Kept(), Assert.NotNull);

        var folder = _store["layout"];
        _store.Store.Images.Export(["app:1"], folder, new ExportOptions { Format = ExportFormat.OciLayout, Compression = CompressionKind.Gzip });
        Assert.All(Kept(), blob => Assert.Equal(File.ReadAllBytes(blob!.Path), File.ReadAllBytes($"{folder}/blobs/sha256/{blob.Digest.Hex}")));

        _store.Store.Images.Remove("app:1");
        Assert.Empty(_store.Store.Driver.Enumerate());
        Assert.DoesNotContain(_store.Traces(), path => path.Contains("blob-", StringComparison.Ordinal));
    }

    [RootTheory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    [InlineData("btrfs")]
    public void They_are_beside_the_layer_wherever_it_is_extracted(string driver)
    {
        // On btrfs a layer has no place before its parent is complete.
        using var btrfs = driver == "btrfs" ? new LoopFileSystem(FileSystemKind.Btrfs) : null;
        using var store = new ImportStore(driver, btrfs?.Path);
        store.Import(new ImageBuilder("app:1") { Compression = CompressionKind.Gzip, CompressDockerLayers = true }.Layer(("a", "1")).Layer(("b", "2")), Keep);
        Assert.All(store.Store.Layers.List(), layer => Assert.NotNull(KeptBlob.Find(store.Store.Driver, LayerId.Parse(layer.Id))));
    }
}
