using System.Text.Json.Nodes;
using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>What a container changed becomes an image that shows exactly the container's files, on every driver and from store to store.</summary>
public sealed class CommitTests : IDisposable
{
    /// <summary>A script whose changes depend on nothing but itself, and what every driver says of them and makes of them.</summary>
    internal const string Simple = "rm etc/gone; echo x > etc/motd; mkdir -m 755 d; echo y > d/f; touch -d @1600000000 etc d d/f etc/motd";

    /// <inheritdoc cref="Simple"/>
    internal const string SimpleDiffId = "sha256:d033b8c1aaacdea09c0b9f833bff1e14a24590002db5a0f31fb9afaa1a81f926";

    private readonly StoreFolder _folder = new();

    // Everything that a layer can say.
    private const string Script = """
        echo changed > etc/motd; rm etc/gone; rm -r home; mkdir home; echo x > home/x; rm -r again; mkdir again; echo 1 > again/kept
        mkdir -p new/deep; chmod 2750 new; echo data > new/deep/a; ln new/deep/a new/deep/b; ln new/deep/a new/c; chown 12:34 new/deep/a
        ln -s ../etc/motd new/link; mkfifo new/pipe; mknod new/null c 1 3; chmod 4755 tool; rm -r tree; echo file > tree; rm file; mkdir file
        touch -d @1600000000.123456789 new/deep; touch -h -d @1600000001.5 new/link; truncate -s 1M new/sparse; printf 'ä' > "new/na
        me"; chmod 700 home
        """;

    /// <inheritdoc cref="Simple"/>
    internal static IReadOnlyList<string> SimpleChanges { get; } = ["A /d", "A /d/f", "C /etc", "D /etc/gone", "C /etc/motd"];

    public void Dispose() => _folder.Dispose();

    [RootTheory]
    [InlineData("overlay2", false)]
    [InlineData("overlay2", true)]
    [InlineData("vfs", false)]
    [InlineData("vfs", true)]
    public void The_image_shows_the_container(string driver, bool squash)
    {
        using var store = _folder.OpenWith(driver);
        Change(store, "c1");

        var image = store.Containers.Commit("c1", new CommitOptions { References = ["made:1"], Squash = squash });
        var again = store.Containers.Commit("c1", new CommitOptions { Squash = squash });

        Assert.Equal(("made:1", squash ? 1 : 2), (image.Reference, image.LayerCount));
        Assert.Equal(image.Layers, again.Layers);
        var expected = Tree(store, "c1");
        store.Containers.Create(new ContainerOptions { Image = "made:1", Name = "c2" });
        Assert.Equal(expected, Tree(store, "c2"));
        Assert.Empty(store.Containers.Changes("c2"));

        // The other drivers, and other stores, are told the same.
        store.Images.Export(["made:1"], Path.Combine(_folder.Base, "made.tar"), new ExportOptions());
        using var folder = new StoreFolder();
        using var other = folder.OpenWith(driver == "vfs" ? "overlay2" : "vfs");
        _ = other.Images.Import(Path.Combine(_folder.Base, "made.tar"), new ImportOptions()).ToList();
        other.Containers.Create(new ContainerOptions { Image = "made:1", Name = "c3" });
        Assert.Equal(expected, Tree(other, "c3"));
        Assert.Equal(store.Layers.Get(image.Layers[^1]).DiffId, other.Layers.List()[^1].DiffId);
    }

    [RootFact]
    public void The_configuration_says_who_what_and_when()
    {
        using var store = _folder.OpenWith("vfs");
        Change(store, "c1", "echo 1 > one");
        var created = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);

        var image = store.Containers.Commit("c1", new CommitOptions
        {
            References = ["made:1", "made:2"],
            Author = "Me <me@example.com>",
            Message = "one more",
            Created = created,
            Changes =
            [
                """CMD ["run", "it"]""", "ENTRYPOINT echo hello", "ENV A=1 B=\"two words\"", "ENV PATH /bin", "LABEL k='v v' x=y", "EXPOSE 80 53/udp", "VOLUME /data", "USER app:app",
                "workdir sub", "WORKDIR dir", "STOPSIGNAL SIGINT", "ONBUILD RUN x", "HEALTHCHECK CMD curl localhost",
            ],
        });

        Assert.Equal((created, "made:1,made:2"), (image.Created, string.Join(',', image.References)));
        Assert.Equal("v v", image.Labels["k"]);
        var config = JsonNode.Parse(store.Metadata.Images.Get(image.Id)!.Config)!;
        Assert.Equal("Me <me@example.com>", (string?)config["author"]);
        Assert.Equal(
            """{"Cmd":["run","it"],"Labels":{"base":"1","k":"v v","x":"y"},"Entrypoint":["/bin/sh","-c","echo hello"],"Env":["A=1","B=two words","PATH=/bin"],"ExposedPorts":{"80/tcp":{},"53/udp":{}},"Volumes":{"/data":{}},"User":"app:app","WorkingDir":"/sub/dir","StopSignal":"SIGINT","OnBuild":["RUN x"],"Healthcheck":{"Test":["CMD-SHELL","curl localhost"]}}""",
            config["config"]!.ToJsonString());
        var history = store.Images.History(image.Id);
        Assert.Equal(("one more", "/bin/sh", created), (history[0].Comment, history[0].CreatedBy, history[0].Created));
        Assert.Equal(2, history.Count);
        Assert.Equal("unknown/unknown,kept", $"{config["os"]}/{config["architecture"]},{config["x-unknown"]}".Replace("linux/amd64", "unknown/unknown", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RUN x")]
    [InlineData("CMD")]
    [InlineData("ENV A")]
    [InlineData("ENV A=\"open")]
    [InlineData("EXPOSE http")]
    [InlineData("HEALTHCHECK --interval=1s CMD x")]
    public void A_change_that_is_none_is_refused_and_nothing_is_made(string change)
    {
        using var store = _folder.OpenWith("vfs");
        store.Containers.Create(new ContainerOptions { Name = "c1" });
        var error = Assert.Throws<StoreException>(() => store.Containers.Commit("c1", new CommitOptions { Changes = [change] }));
        Assert.Equal((ErrorIds.ArgumentInvalid, change), (error.ErrorId, error.Target));
        Assert.Empty(store.Images.List());
        Assert.Empty(store.Layers.List());
    }

    internal static void Change(Store store, string name, string script = Script)
    {
        var path = Path.Combine(store.Root, "..", "base.tar");
        var builder = new ImageBuilder("base:1")
        {
            ChangeConfig = config => config["x-unknown"] = "kept",
        };
        builder.Labels["base"] = "1";
        builder.Layer(layer => layer.Directory("etc").File("etc/motd", "hello").File("etc/gone", "x").Directory("home").Directory("home/user").File("home/user/f", "x")
            .Directory("again").File("again/old", "x").File("tool", "#!/bin/sh").Directory("tree").File("tree/f", "x").File("file", "x")).WriteDockerArchive(path);
        _ = store.Images.Import(path, new ImportOptions()).ToList();
        store.Containers.Create(new ContainerOptions { Image = "base:1", Name = name });
        var mount = store.Containers.Mount(name);
        Command.Run("sh", "-ec", $"cd '{mount.Path}'; {script}");
        store.Containers.Dismount(name);
    }

    internal static List<string> Tree(Store store, string name)
    {
        var mount = store.Containers.Mount(name, readOnly: false);
        try
        {
            return Fingerprint(mount.Path);
        }
        finally
        {
            store.Containers.Dismount(name);
        }
    }

    /// <summary>A changed container goes out as one archive and comes back as the root file system of an image.</summary>
    /// <param name="store">A store without containers.</param>
    /// <param name="place">A directory outside of it.</param>
    /// <param name="few">Leaves out the same archive once it is unpacked.</param>
    internal static void ExportFlat(Store store, string place, bool few)
    {
        Change(store, "c1");
        var tar = Path.Combine(place, "c1.tar");

        var archive = store.Containers.Export("c1", tar);
        Assert.Equal((tar, "c1", new FileInfo(tar).Length), (archive.FullName, archive.Name, archive.Size));
        Assert.Equal(ErrorIds.ExportPathExists, Assert.Throws<StoreException>(() => store.Containers.Export("c1", tar)).ErrorId);
        var bytes = File.ReadAllBytes(tar);
        store.Containers.Export("c1", tar, force: true);
        Assert.Equal(bytes, File.ReadAllBytes(tar));

        var unpacked = Directory.CreateDirectory(Path.Combine(place, "unpacked")).FullName;
        Command.Run("tar", "-xpf", tar, "-C", unpacked, "--numeric-owner", "--xattrs", "--xattrs-include=*");
        var expected = Tree(store, "c1");
        Assert.Equal(expected, Fingerprint(unpacked));
        foreach (var path in few ? (string[])[tar] : [tar, unpacked])
        {
            var image = store.Images.ImportRootFs(path, new CommitOptions { References = [$"flat-{Path.GetExtension(path).Length}:1"], Changes = ["CMD x"] });
            Assert.Equal(1, image.LayerCount);
            store.Containers.Create(new ContainerOptions { Image = image.Id, Name = "c" + image.Reference[..6] });
            Assert.Equal(expected, Tree(store, "c" + image.Reference[..6]));
        }
    }

    // The root's own time is that of its last change, which no layer says.
    private static List<string> Fingerprint(string path) => [.. TreeFingerprint.Of(path).Where(line => !line.StartsWith("/ ", StringComparison.Ordinal))];
}
