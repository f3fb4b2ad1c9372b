using System.Diagnostics;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>Archives that other tools write, from the golden image; skipped where a tool is missing.</summary>
public sealed class OtherToolsTests : IDisposable
{
    private const string DiffId = "sha256:f6f4c801e907eeab79848e87cd3c48214e94fa0ceb9a38a4714ae4632ffb6438";

    private static readonly string Small = Path.Combine(AppContext.BaseDirectory, "data", "small.tar");

    private readonly ImportStore _store = new();

    public void Dispose() => _store.Dispose();

    [ToolFact("skopeo")]
    public void What_skopeo_copies_is_imported_in_every_format()
    {
        foreach (var (destination, path, name) in ((string, string, string)[])
        [
            ($"docker-archive:{_store["docker.tar"]}:quay.io/x/y:2", "docker.tar", "quay.io/x/y:2"),
            ($"oci-archive:{_store["oci.tar"]}:springpetclinic:1.0", "oci.tar", "springpetclinic:1.0"),
            ($"oci:{_store["petclinic"]}:1.0", "petclinic", "petclinic:1.0"),
        ])
        {
            Run("skopeo", "--insecure-policy", "copy", "-q", "docker-archive:" + Small, destination);

            var image = _store.Import(_store[path]).Single();

            Assert.Equal(name, image.Reference);
            Assert.Equal(DiffId, _store.Store.Layers.Get(image.Layers[0]).DiffId);
            Assert.Equal("1.98MB", ByteSize.Format(image.Size));
        }
        // One layer, however often it came and however it was compressed.
        Assert.Single(_store.Store.Layers.List());
    }

    [ToolFact("skopeo")]
    public void A_layout_with_zstd_layers_is_imported()
    {
        Run("skopeo", "--insecure-policy", "copy", "-q", "--dest-compress", "--dest-compress-format", "zstd", "docker-archive:" + Small, $"oci:{_store["zstd"]}:1");

        Assert.Equal(DiffId, _store.Store.Layers.Get(_store.Import(_store["zstd"]).Single().Layers[0]).DiffId);
    }

    [ToolFact("skopeo")]
    public void The_directory_format_of_skopeo_is_refused_with_the_way_out()
    {
        Run("skopeo", "--insecure-policy", "copy", "-q", "docker-archive:" + Small, "dir:" + _store["directory"]);

        var error = _store.ImportFails(_store["directory"], ErrorIds.ArchiveUnrecognized);

        Assert.Contains("skopeo copy dir:", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("skopeo", "umoci")]
    public void What_umoci_packs_again_is_imported_with_the_layers_below()
    {
        var layout = _store["app"];
        Run("skopeo", "--insecure-policy", "copy", "-q", "docker-archive:" + Small, $"oci:{layout}:1");
        Run("umoci", "unpack", "--image", layout + ":1", _store["bundle"]);
        File.WriteAllText(Path.Combine(_store["bundle"], "rootfs", "added"), "12345");
        File.Delete(Path.Combine(_store["bundle"], "rootfs", "etc", "passwd"));
        Run("umoci", "repack", "--image", layout + ":2", _store["bundle"]);

        var images = _store.Import(layout);

        Assert.Equal(["app:1", "app:2"], images.Select(image => image.Reference).Order());
        var added = images.Single(image => image.Tag == "2");
        Assert.Equal(2, added.LayerCount);
        Assert.Equal(images.Single(image => image.Tag == "1").Layers[0], added.Layers[0]);
        Assert.Equal(5, _store.Store.Layers.Get(added.Layers[1]).Size);
    }

    [ToolFact("buildah")]
    public void What_buildah_pushes_is_imported()
    {
        string[] own = ["--root", _store["storage"], "--runroot", _store["run"], "--storage-driver", "vfs"];
        File.WriteAllText(_store["file"], "content");
        Run("buildah", [.. own, "from", "--name", "work", "scratch"]);
        Run("buildah", [.. own, "copy", "work", _store["file"], "/file"]);
        Run("buildah", [.. own, "commit", "-q", "work", "tool"]);
        foreach (var (kind, path) in ((string, string)[])[("docker-archive:", "docker.tar"), ("oci-archive:", "oci.tar")])
        {
            Run("buildah", [.. own, "push", "-q", "tool", $"{kind}{_store[path]}:tool:1"]);

            Assert.Equal(("tool:1", 7L, 1), _store.Import(_store[path]).Select(image => (image.Reference, image.Size, image.LayerCount)).Single());
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {error}{output.Result}");
    }
}
