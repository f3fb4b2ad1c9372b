using System.Text.Json;
using LayerStore.Containers;
using LayerStore.Tests.Export;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Maintenance;

/// <summary><c>docker system df</c> of the same images and containers: the same numbers, but for one that Docker counts wrongly.</summary>
public sealed class DockerUsageTests(DockerDaemon docker) : IClassFixture<DockerDaemon>
{
    [ToolFact("dockerd", "docker", Root = true)]
    public void The_rows_are_Docker_s_where_images_in_use_share_nothing()
    {
        using var store = new ImportStore("vfs");
        Load(store, new ImageBuilder("used:1").Layer(("a", new string('a', 123_456))), "used");
        Load(store, new ImageBuilder("idle:1").Layer(("b", new string('b', 77_777))).Layer(("c", new string('c', 1_000))));
        Load(store, new ImageBuilder("idle:2").Layer(("b", new string('b', 77_777))).Layer(("d", new string('d', 300))));

        var rows = DockerRows();
        foreach (var (type, kind) in new[] { ("Images", StorageKind.Image), ("Containers", StorageKind.Container) })
            Assert.Equal(rows[type], Ours(store, kind));
        // 202,533 bytes of images, of which 123,456 are in use.
        Assert.Equal("3 1 202.5kB 79.08kB (39%)", rows["Images"]);
        Assert.Equal("1 0 4.321kB 4.321kB (100%)", rows["Containers"]);

        Assert.Equal(
            JsonRows("Images").Select(row => $"{row.GetProperty("Repository")}:{row.GetProperty("Tag")} {row.GetProperty("Size")} {row.GetProperty("SharedSize")} {row.GetProperty("UniqueSize")} {row.GetProperty("Containers")}").Order(),
            store.Store.Maintenance.GetImageUsage().Select(image => $"{image.Reference} {ByteSize.Format(image.Size)} {ByteSize.FormatWithFourDigits(image.SharedSize)} {ByteSize.FormatWithFourDigits(image.UniqueSize)} {image.Containers}").Order());

        // Docker takes from the sum what each image in use has alone: a layer that two of them share counts as reclaimable, although no prune takes it.
        Load(store, new ImageBuilder("used:2").Layer(("a", new string('a', 123_456))).Layer(("e", new string('e', 10))), "used2");
        Assert.Equal("4 2 202.5kB 202.5kB (99%)", DockerRows()["Images"]);
        Assert.Equal("4 2 202.5kB 79.08kB (39%)", Ours(store, StorageKind.Image));
    }

    /// <summary>An image for both, and for both a container of it with one new file.</summary>
    private void Load(ImportStore store, ImageBuilder image, string? container = null)
    {
        store.Import(image);
        docker.Run("load", "-i", store["image.tar"]);
        if (container is null)
            return;
        var file = store["new"];
        File.WriteAllBytes(file, new byte[4321]);
        docker.Run("create", "--name", container, image.Names[0], "/x");
        store.Store.Containers.Create(new ContainerOptions { Image = image.Names[0], Name = container });
        if (container == "used")
        {
            docker.Run("cp", file, container + ":/new");
            store.Store.Containers.CopyTo(container, file, "/new");
        }
    }

    private Dictionary<string, string> DockerRows() => docker.Run("system", "df", "--format", "{{json .}}").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(row => row.GetProperty("Type").GetString()!, row => $"{row.GetProperty("TotalCount")} {row.GetProperty("Active")} {row.GetProperty("Size")} {row.GetProperty("Reclaimable")}");

    private JsonElement.ArrayEnumerator JsonRows(string kind) => JsonDocument.Parse(docker.Run("system", "df", "-v", "--format", "{{json .}}")).RootElement.GetProperty(kind).EnumerateArray();

    private static string Ours(ImportStore store, StorageKind kind)
    {
        var usage = store.Store.Maintenance.GetUsage(kind);
        return $"{usage.Total} {usage.Active} {ByteSize.FormatWithFourDigits(usage.Size)} {ByteSize.FormatWithFourDigits(usage.Reclaimable)} ({100 * usage.Reclaimable / usage.Size}%)";
    }
}
