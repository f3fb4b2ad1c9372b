using System.Text.Json.Nodes;
using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Images;

/// <summary>Names, ids, history and removal of images that a store has.</summary>
public sealed class ImageCollectionTests : IDisposable
{
    private readonly ImportStore _store = new();

    private ImageCollection Images => _store.Store.Images;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_list_has_one_row_a_name_newest_first()
    {
        _store.Import(new ImageBuilder("old:1") { Created = "2020-01-01T00:00:00Z" }.Layer(("a", "1")));
        _store.Import(new ImageBuilder("new:1", "docker.io/library/new:2", "quay.io/x/y:3") { Created = "2024-01-01T00:00:00Z" }.Layer(("b", "22")));
        _store.Import(new ImageBuilder { Created = "2022-01-01T00:00:00Z" }.Layer(("c", "333")));

        var rows = Images.List();

        Assert.Equal(["new:1", "new:2", "quay.io/x/y:3", rows[3].Id, "old:1"], rows.Select(row => row.Reference));
        Assert.Equal(["new", "new", "quay.io/x/y", "<none>", "old"], rows.Select(row => row.Repository));
        Assert.Equal(["1", "2", "3", "<none>", "1"], rows.Select(row => row.Tag));
        Assert.All(rows.Take(3), row => Assert.Equal(["new:1", "new:2", "quay.io/x/y:3"], row.References));
        Assert.Equal([2, 2, 2, 3, 1], rows.Select(row => row.Size));
    }

    [Fact]
    public void An_image_is_found_by_every_way_to_say_it()
    {
        var image = _store.Import(new ImageBuilder("springpetclinic:1.0", "springpetclinic").Layer(("a", "1")));
        var hex = image.Id["sha256:".Length..];

        Assert.Equal("springpetclinic:1.0", Images.Get("docker.io/library/springpetclinic:1.0").Reference);
        Assert.Equal("springpetclinic:latest", Images.Get("springpetclinic").Reference);
        foreach (var id in (string[])[image.Id, hex, hex[..12], "sha256:" + hex[..7], hex[..3]])
            Assert.Equal((image.Id, "springpetclinic:1.0"), (Images.Get(id).Id, Images.Get(id).Reference));

        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Get("springpetclinic:2.0")).ErrorId);
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Get("sha256:" + new string('0', 64))).ErrorId);
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Get(new string('0', 64))).ErrorId);
        Assert.Equal(ErrorIds.ReferenceInvalid, Fault(() => Images.Get("No/Name")).ErrorId);
        Assert.Equal(ErrorIds.ReferenceInvalid, Fault(() => Images.Get("")).ErrorId);
    }

    [Fact]
    public void A_prefix_of_two_ids_is_ambiguous_and_a_name_goes_before_a_prefix()
    {
        var prefixes = new Dictionary<char, string>();
        string? twice = null;
        for (var i = 0; twice is null; i++)
        {
            var image = _store.Import(new ImageBuilder().Layer(("a", $"{i}")));
            if (!prefixes.TryAdd(image.Id["sha256:".Length], image.Id))
                twice = image.Id["sha256:".Length..][..1];
        }

        var error = Fault(() => Images.Get(twice));
        Assert.Equal(ErrorIds.IdAmbiguous, error.ErrorId);
        Assert.Contains("2", error.Message, StringComparison.Ordinal);

        var named = _store.Import(new ImageBuilder(twice).Layer(("b", "named")));
        Assert.Equal(named.Id, Images.Get(twice).Id);
    }

    [Fact]
    public void A_manifests_digest_names_the_image_within_its_repository()
    {
        new ImageBuilder("app:1").Layer(("a", "1")).WriteOciArchive(_store["app.tar"]);
        var image = _store.Import(_store["app.tar"]).Single();

        Assert.Equal(image.Id, Images.Get($"app@{image.Digest}").Id);
        Assert.Equal(image.Id, Images.Get($"docker.io/library/app:1@{image.Digest}").Id);
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Get($"other@{image.Digest}")).ErrorId);
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Get($"ap@{image.Digest}")).ErrorId);
    }

    [Fact]
    public void A_tag_adds_or_moves_and_untag_takes_away()
    {
        var first = _store.Import(new ImageBuilder("a:1").Layer(("a", "1")));
        var second = _store.Import(new ImageBuilder("b:1").Layer(("b", "2")));

        Assert.Equal(first.Id, Images.Tag("a:1", "c").Id);
        Assert.Equal(["a:1", "c:latest"], Images.Get("c").References);
        Assert.Equal(second.Id, Images.Tag(second.Id, "c:latest").Id);
        Assert.Equal(second.Id, Images.Get("c").Id);

        Assert.Equal(["a:1"], Images.Get("a:1").References);
        Assert.Equal("<none>", Images.Untag("a:1").Repository);
        Assert.Equal(first.Id, Images.Get(first.Id).Reference);
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Untag("a:1")).ErrorId);
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Tag("a:1", "d")).ErrorId);
        Assert.Equal(ErrorIds.ReferenceInvalid, Fault(() => Images.Tag("b:1", "X")).ErrorId);
        Assert.Equal(ErrorIds.ReferenceInvalid, Fault(() => Images.Tag("b:1", "x@sha256:" + new string('0', 64))).ErrorId);
    }

    [Fact]
    public void Importing_a_name_moves_it_from_the_image_that_had_it()
    {
        var first = _store.Import(new ImageBuilder("a:1").Layer(("a", "1")));
        var second = _store.Import(new ImageBuilder("a:1").Layer(("a", "2")));

        Assert.Equal(second.Id, Images.Get("a:1").Id);
        Assert.Equal("<none>", Images.Get(first.Id).Repository);
    }

    [Fact]
    public void History_is_dockers_newest_first()
    {
        var image = _store.Import(Path.Combine(AppContext.BaseDirectory, "data", "small.tar")).Single();

        var history = Images.History("small");

        Assert.Equal(["8a86c9c7acf7", "<missing>"], history.Select(entry => entry.Image));
        Assert.Equal(["/bin/sh -c #(nop)  CMD [\"sh\"]", "/bin/sh -c #(nop) ADD file:busybox in / "], history.Select(entry => entry.CreatedBy));
        Assert.Equal(["0B", "1.98MB"], history.Select(entry => ByteSize.Format(entry.Size)));
        Assert.Equal([true, false], history.Select(entry => entry.EmptyLayer));
        Assert.Equal([null, image.Layers[0]], history.Select(entry => entry.LayerId));
        Assert.Equal(new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc), history[1].Created);
    }

    [Fact]
    public void History_that_does_not_fit_the_layers_is_shown_as_far_as_it_does()
    {
        var more = _store.Import(new ImageBuilder("more:1") { ChangeConfig = config => ((JsonArray)config["history"]!).Add(Step("extra")) }.Layer(("a", "1")));
        var fewer = _store.Import(new ImageBuilder("fewer:1") { ChangeConfig = config => ((JsonArray)config["history"]!).RemoveAt(1) }.Layer(("a", "1")).Layer(("b", "22")));
        var none = _store.Import(new ImageBuilder("none:1") { ChangeConfig = config => config.Remove("history") }.Layer(("c", "333")));

        Assert.Equal([("extra", 0L), ("COPY layer 1", 1L)], Images.History(more.Id).Select(entry => (entry.CreatedBy, entry.Size)));
        Assert.Equal([("", 2L), ("COPY layer 1", 1L)], Images.History(fewer.Id).Select(entry => (entry.CreatedBy, entry.Size)));
        Assert.Equal([("", 3L)], Images.History(none.Id).Select(entry => (entry.CreatedBy, entry.Size)));

        static JsonNode Step(string createdBy) => new JsonObject { ["created_by"] = createdBy };
    }

    [Fact]
    public void Removing_the_last_name_removes_the_image_and_layers_that_nothing_else_needs()
    {
        var shared = new LayerContent().File("shared", "12345");
        var lower = _store.Import(new ImageBuilder("lower:1").Layer(shared));
        var upper = _store.Import(new ImageBuilder("upper:1", "upper:2").Layer(shared).Layer(("own", "123")));

        Assert.Equal([new RemovedItem("Untagged", "Reference", "upper:2", 0)], Images.Remove("upper:2"));
        Assert.Equal(
            [
                new RemovedItem("Untagged", "Reference", "upper:1", 0),
                new RemovedItem("Deleted", "Image", upper.Id, 0),
                new RemovedItem("Deleted", "Layer", upper.Layers[1], 3),
            ], Images.Remove("upper:1"));
        Assert.Equal([lower.Layers[0]], _store.Store.Layers.List().Select(layer => layer.Id));
        Assert.Single(_store.Store.Driver.Enumerate());

        Images.Remove(lower.Id);
        Assert.Empty(_store.Store.Layers.List());
        Assert.Empty(_store.Store.Driver.Enumerate());
        Assert.Empty(Images.List());
        Assert.Equal(ErrorIds.ImageNotFound, Fault(() => Images.Remove("lower:1")).ErrorId);
    }

    [Fact]
    public void An_image_with_several_names_is_removed_by_id_only_by_force()
    {
        var image = _store.Import(new ImageBuilder("a:1", "b:1").Layer(("a", "1")));

        var error = Fault(() => Images.Remove(image.Id));
        Assert.Equal(ErrorIds.ReferenceInUse, error.ErrorId);
        Assert.Contains("a:1, b:1", error.Message, StringComparison.Ordinal);

        Assert.Equal(["a:1", "b:1", image.Id, image.Layers[0]], Images.Remove(image.Id, force: true).Select(item => item.Id));
    }

    [Fact]
    public void An_untagged_image_is_removed_by_id()
    {
        var image = _store.Import(new ImageBuilder().Layer(("a", "1")));

        Assert.Equal([image.Id, image.Layers[0]], Images.Remove(image.Id[7..19]).Select(item => item.Id));
    }

    [Fact]
    public void An_image_in_use_is_not_removed_and_its_users_are_named()
    {
        var image = _store.Import(new ImageBuilder("a:1", "b:1").Layer(("a", "1")));
        _store.Store.Containers.Create(new ContainerOptions { Image = "a:1", Name = "first" });
        _store.Store.Containers.Create(new ContainerOptions { Image = "a:1", Name = "second" });
        var traces = _store.Traces();

        var error = Fault(() => Images.Remove(image.Id, force: true));
        Assert.Equal(ErrorIds.ImageInUse, error.ErrorId);
        Assert.Equal(StoreErrorKind.InUse, error.Kind);
        Assert.Contains("first, second", error.Message, StringComparison.Ordinal);
        Assert.Equal(traces, _store.Traces());

        // One of several names may go, the last may not.
        Images.Remove("b:1");
        Assert.Equal(ErrorIds.ImageInUse, Fault(() => Images.Remove("a:1")).ErrorId);
        _store.Store.Containers.Remove("first");
        _store.Store.Containers.Remove("second");
        Images.Remove("a:1");
        Assert.Empty(Images.List());
    }

    [Fact]
    public void Of_all_platforms_the_others_are_named_by_their_digests()
    {
        ImageBuilder.OciFilesOfPlatforms("app:1",
            new ImageBuilder { Architecture = "amd64" }.Layer(("a", "amd64")),
            new ImageBuilder { Architecture = "arm64" }.Layer(("a", "arm64"))).WriteTar(_store["index.tar"]);

        var images = _store.Import(_store["index.tar"], new ImportOptions { AllPlatforms = true });
        var other = images.Single(image => image.Architecture != Platform.Current.Architecture);

        Assert.Equal(images.Single(image => image.Id != other.Id).Id, Images.Get("app:1").Id);
        Assert.Equal($"app@{other.Digest}", other.Reference);
        Assert.Equal(other.Id, Images.Get($"app@{other.Digest}").Id);
        Assert.Equal(2, Images.List().Count);
    }

    [Fact]
    public void Labels_and_platform_come_from_the_configuration()
    {
        var image = new ImageBuilder("a:1") { Architecture = "arm", Variant = "v6", Created = "0001-01-01T00:00:00Z" }.Layer(("a", "1"));
        image.Labels.Add("maintainer", "someone");

        var imported = _store.Import(image);

        Assert.Equal("someone", imported.Labels["maintainer"]);
        Assert.Equal("arm/v6", imported.Architecture);
        Assert.Null(imported.Created);
    }

    private static StoreException Fault(Func<object> action) => Assert.Throws<StoreException>(action);
}
