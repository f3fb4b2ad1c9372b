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
    public void Podman_loads_archives()
    {
        using var store = Stock(out _);
        // podman wants its run directory's path short.
        var run = $"/dev/shm/lst-{Guid.NewGuid():N}"[..24];
        string[] place = ["--root", store["podman"], "--runroot", run, "--storage-driver", "vfs", "--tmpdir", store["podman-tmp"]];
        try
        {
            foreach (var format in (ExportFormat[])[ExportFormat.DockerArchive, ExportFormat.OciArchive])
            {
                store.Store.Images.Export(["shop:1.0"], store[$"{format}.tar"], new ExportOptions { Format = format });
                var loaded = Command.Run("podman", [.. place, "load", "-i", store[$"{format}.tar"]]);
                Assert.Contains("docker.io/library/shop:1.0", loaded, StringComparison.Ordinal);
                Command.Run("podman", [.. place, "rmi", "-f", "docker.io/library/shop:1.0"]);
            }
        }
        finally
        {
            Command.TryRun("rm", "-rf", run);
        }
    }

    private static ImportStore Stock(out ContainerImage image)
    {
        var store = new ImportStore();
        image = store.Import(new ImageBuilder("shop:1.0").Layer(("etc/motd", "hello"), ("etc/issue", "x")).Layer(layer => layer.Whiteout("etc/issue").File("big", new byte[300_000])));
        return store;
    }
}
