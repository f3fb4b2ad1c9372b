using LayerStore.Archives;
using LayerStore.Images;
using LayerStore.Tests.Images;
using LayerStore.Tests.Registries;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>Docker itself, in both directions: an image keeps its id and its layers' DiffIDs whichever way it goes.</summary>
public sealed class DockerTests(DockerDaemon docker) : IClassFixture<DockerDaemon>
{
    [ToolFact("dockerd", "docker", Root = true)]
    public void What_docker_saves_is_the_image_that_it_has()
    {
        docker.Run("load", "-i", TestFiles.SmallImage);
        var name = docker.Inspect("8a86c9c7acf7", "{{index .RepoTags 0}}");
        using var store = new ImportStore("vfs");

        docker.Run("save", "-o", store["saved.tar"], name);
        var image = store.Import(store["saved.tar"]).Single();

        Assert.Equal((docker.Inspect(name, "{{.Id}}"), name), (image.Id, image.Reference));
        Assert.Equal(Layers(name), DiffIds(store, image));
    }

    [ToolFact("dockerd", "docker", Root = true)]
    public void What_is_exported_is_loaded_and_saved_again_as_the_same_image()
    {
        using var store = new ImportStore();
        // Layers that each export brings anew: of one that docker has it would not look at the bytes.
        foreach (var compression in (CompressionKind[])[CompressionKind.None, CompressionKind.Gzip])
        {
            var name = $"shop:{compression.ToString().ToLowerInvariant()}";
            var image = store.Import(new ImageBuilder(name).Layer(("etc/motd", $"{compression}"), ("etc/issue", "x")).Layer(layer => layer.Whiteout("etc/issue").File($"big{compression}", new byte[300_000])));
            store.Store.Images.Export([name], store[$"{compression}.tar"], new ExportOptions { Format = ExportFormat.DockerArchive, Compression = compression });

            docker.Run("load", "-i", store[$"{compression}.tar"]);

            Assert.Equal(image.Id, docker.Inspect(name, "{{.Id}}"));
            Assert.Equal(Layers(name), DiffIds(store, image));
            docker.Run("save", "-o", store[$"{compression}.again.tar"], name);
            using var other = new ImportStore("vfs");
            var again = other.Import(store[$"{compression}.again.tar"]).Single();
            Assert.Equal((image.Id, name), (again.Id, again.Reference));
            Assert.Equal(DiffIds(store, image), DiffIds(other, again));
        }
    }

    [ToolFact("dockerd", "docker", "docker-registry", Root = true)]
    public void What_is_pushed_is_pulled_by_docker_and_what_docker_pushes_is_pulled()
    {
        using var registry = new DebianRegistry();
        using var store = new RegistryStore();
        var (ours, theirs) = (registry.Authority + "/team/ours:1", registry.Authority + "/team/theirs:1");
        var image = store.Import(new ImageBuilder("app:1").Layer(("etc/motd", "pushed")).Layer(layer => layer.Whiteout("etc/motd").File("a", "b")));

        var pushed = store.Push("app:1", ours);
        docker.Run("pull", "-q", ours);

        Assert.Equal(image.Id, docker.Inspect(ours, "{{.Id}}"));
        Assert.EndsWith("@" + pushed.Digest, docker.Inspect(ours, "{{index .RepoDigests 0}}"), StringComparison.Ordinal);
        docker.Run("tag", ours, theirs);
        docker.Run("push", "-q", theirs);
        var pulled = store.Pull(theirs);
        Assert.Equal(image.Id, pulled.Id);
        Assert.Contains($"team/theirs@{pulled.Digest}", docker.Inspect(ours, "{{json .RepoDigests}}"), StringComparison.Ordinal);
    }

    private string[] Layers(string image) => docker.Inspect(image, "{{range .RootFS.Layers}}{{.}} {{end}}").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] DiffIds(ImportStore store, ContainerImage image) => [.. image.Layers.Select(layer => store.Store.Layers.Get(layer).DiffId!)];
}
