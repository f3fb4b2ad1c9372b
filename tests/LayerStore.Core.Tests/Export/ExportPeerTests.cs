using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>Other tools take what is exported.</summary>
public sealed class ExportPeerTests
{
    [ToolFact("skopeo")]
    public void Skopeo_reads_every_format_and_writes_one_that_is_the_same_image()
    {
        using var store = Stock(out var image);
        foreach (var (transport, format) in new[] { ("docker-archive", ExportFormat.DockerArchive), ("oci-archive", ExportFormat.OciArchive), ("oci", ExportFormat.OciLayout) })
        {
            foreach (var compression in Enum.GetValues<CompressionKind>())
            {
                var path = store[$"{transport}-{compression}"];
                store.Store.Images.Export(["shop:1.0"], path, new ExportOptions { Format = format, Compression = compression });

                Command.Run("skopeo", "copy", "--insecure-policy", $"{transport}:{path}:docker.io/library/shop:1.0", $"oci:{path}.copy:x");

                using var other = new ImportStore();
                var copied = other.Import(path + ".copy").Single();
                Assert.Equal(store.Store.Layers.List().Select(layer => layer.DiffId), other.Store.Layers.List().Select(layer => layer.DiffId));
                // From a docker-archive skopeo makes a configuration of its own.
                if (format != ExportFormat.DockerArchive)
                    Assert.Equal(image.Id, copied.Id);
            }
        }
    }

    [ToolFact("umoci")]
    public void Umoci_unpacks_a_layout()
    {
        using var store = Stock(out _);
        store.Store.Images.Export(["shop:1.0"], store["layout"], new ExportOptions { Format = ExportFormat.OciLayout, Compression = CompressionKind.Gzip });

        Command.Run("umoci", "unpack", "--rootless", "--image", store["layout"] + ":docker.io/library/shop:1.0", store["bundle"]);

        Assert.Equal("hello", File.ReadAllText(store["bundle/rootfs/etc/motd"]));
    }

    [ToolFact("podman")]
    public void Podman_loads_archives_and_saves_the_same_image()
    {
        using var store = Stock(out var image);
        using var podman = new ContainersStorage("podman", store["podman"]);
        foreach (var (format, saved) in new[] { (ExportFormat.DockerArchive, "docker-archive"), (ExportFormat.OciArchive, "oci-archive"), (ExportFormat.OciLayout, "oci-dir") })
        {
            foreach (var compression in Enum.GetValues<CompressionKind>())
            {
                var path = podman[$"{saved}-{compression}"];
                store.Store.Images.Export(["shop:1.0"], path, new ExportOptions { Format = format, Compression = compression });

                var loaded = podman.Run("load", "-q", "-i", path);
                // A layout it names by its path.
                if (format != ExportFormat.OciLayout)
                    Assert.Contains("docker.io/library/shop:1.0", loaded, StringComparison.Ordinal);
                var id = image.Id["sha256:".Length..];
                podman.Run("save", "-q", "--format", saved, "-o", path + ".saved", id);
                podman.Run("rmi", "-f", id);

                AssertSame(store, image, path + ".saved");
            }
        }
    }

    [ToolFact("buildah")]
    public void Buildah_pulls_archives_and_pushes_the_same_image()
    {
        using var store = Stock(out var image);
        using var buildah = new ContainersStorage("buildah", store["buildah"]);
        foreach (var (format, transport) in new[] { (ExportFormat.DockerArchive, "docker-archive"), (ExportFormat.OciArchive, "oci-archive"), (ExportFormat.OciLayout, "oci") })
        {
            var path = buildah[transport];
            store.Store.Images.Export(["shop:1.0"], path, new ExportOptions { Format = format, Compression = CompressionKind.Gzip });

            var id = buildah.Run("pull", "-q", $"{transport}:{path}").Trim();
            Assert.Equal(image.Id, "sha256:" + id);
            buildah.Run("push", "-q", id, $"{transport}:{path}.pushed:docker.io/library/shop:1.0");
            buildah.Run("rmi", "-f", id);

            AssertSame(store, image, path + ".pushed");
        }
    }

    /// <summary>What another tool wrote is the image with its layers.</summary>
    private static void AssertSame(ImportStore store, ContainerImage image, string path)
    {
        using var other = new ImportStore("vfs");
        var copied = other.Import(path).Single();
        Assert.Equal(image.Layers.Select(layer => store.Store.Layers.Get(layer).DiffId), copied.Layers.Select(layer => other.Store.Layers.Get(layer).DiffId));
        Assert.Equal(image.Id, copied.Id);
    }

    private static ImportStore Stock(out ContainerImage image)
    {
        var store = new ImportStore();
        image = store.Import(new ImageBuilder("shop:1.0").Layer(("etc/motd", "hello"), ("etc/issue", "x")).Layer(layer => layer.Whiteout("etc/issue").File("big", new byte[300_000])));
        return store;
    }
}
