using LayerStore.Archives.TarSplit;
using LayerStore.Layers;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>What an archive is made of again, and how it is noticed that something of it changed. That it comes back on every driver is in StoreConformance.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Drivers => ["overlay2", "vfs"];

    [ToolFact("tar-split")]
    public void The_file_is_one_that_tar_split_itself_can_use()
    {
        using var store = new ImportStore("overlay2");
        var archive = new TarBuilder().Directory("./").File("./a", "content").File("d/b", new byte[100_000]).Symlink("l", "a").HardLink("h", "a")
            .Pax(("path", TarBuilder.Text("ä \"quoted\" \\ <&>"))).File("x", "pax").End();
        var image = store.Import(new ImageBuilder("app:1").RawLayer(archive));
        var layer = LayerId.Parse(image.Layers[0]);

        Command.Run("tar-split", "asm", "--input", LayerArchive.TarSplitPath(store.Store.Driver, layer), "--path",
            Path.Combine(store.Root, "overlay2", layer.Value, "diff"), "--output", store["again.tar"]);

        Assert.Equal(archive, File.ReadAllBytes(store["again.tar"]));
    }

    [ToolFact("tar-split")]
    public void The_objects_are_those_that_tar_split_writes()
    {
        using var store = new ImportStore("overlay2");
        var archive = new TarBuilder().Directory("d/").File("d/b", "content").File("empty").End();
        File.WriteAllBytes(store["in.tar"], archive);
        Command.Run("tar-split", "disasm", "--output", store["theirs.gz"], "--no-stdout", store["in.tar"]);
        var image = store.Import(new ImageBuilder("app:1").RawLayer(archive));

        var ours = LayerArchive.TarSplitPath(store.Store.Driver, LayerId.Parse(image.Layers[0]));
        Assert.Equal(Files(store["theirs.gz"]), Files(ours));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_file_that_was_changed_or_removed_in_the_store_is_named(string driver)
    {
        using var store = new ImportStore(driver);
        var image = store.Import(new ImageBuilder("app:1").Layer(("etc/motd", "hello"), ("etc/issue", "there")));
        var directory = driver == "vfs" ? Path.Combine(store.Root, "vfs", "dir", image.Layers[0]) : Path.Combine(store.Root, "overlay2", image.Layers[0], "diff");
        var file = Path.Combine(directory, "etc/issue");
        foreach (var (change, word) in new (Action, string)[]
        {
            (() => File.WriteAllText(file, "where"), "another content"), (() => File.WriteAllText(file, "ther"), "shorter"), (() => File.WriteAllText(file, "there!"), "longer"),
            (() => File.Delete(file), "missing"), (() => Directory.CreateDirectory(file), "no file"), (() => { Directory.Delete(file); File.CreateSymbolicLink(file, "motd"); }, "missing"),
        })
        {
            change();
            var error = Assert.Throws<StoreException>(() => store.Store.Layers.WriteArchive(image.Layers[0], Stream.Null));
            Assert.Equal(ErrorIds.LayerFileChanged, error.ErrorId);
            Assert.Equal("etc/issue", error.Target);
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_tar_split_that_is_missing_or_damaged_is_an_error_that_says_so(string driver)
    {
        using var store = new ImportStore(driver);
        var image = store.Import(new ImageBuilder("app:1").Layer(("etc/motd", "hello")));
        var path = LayerArchive.TarSplitPath(store.Store.Driver, LayerId.Parse(image.Layers[0]));
        var whole = File.ReadAllBytes(path);

        foreach (var damaged in new[] { whole[..20], [1, 2, 3], Gzip("{\"type\":7}\n"), Gzip("{\"type\":1,\"name\":\"x\",\"size\":-1}\n"), Gzip("[]\n") })
        {
            File.WriteAllBytes(path, damaged);
            var error = Assert.Throws<StoreException>(() => store.Store.Layers.WriteArchive(image.Layers[0], Stream.Null));
            Assert.Contains(error.ErrorId, new[] { ErrorIds.StoreDamaged, ErrorIds.LayerDigestMismatch });
        }
        File.Delete(path);
        Assert.Equal(ErrorIds.LayerNotExact, Assert.Throws<StoreException>(() => store.Store.Layers.WriteArchive(image.Layers[0], Stream.Null)).ErrorId);
    }

    private static byte[] Gzip(string text) => ImageBuilder.Compress(System.Text.Encoding.UTF8.GetBytes(text), LayerStore.Archives.CompressionKind.Gzip);

    /// <summary>What the tar-split says of files: name, size, checksum.</summary>
    private static List<(string, long, ulong)> Files(string path)
    {
        var files = new List<(string, long, ulong)>();
        using var reader = new TarSplitReader(path);
        while (reader.Read())
            if (reader.Entry.Type == TarSplitEntry.File)
                files.Add((System.Text.Encoding.UTF8.GetString(reader.Entry.Name), reader.Entry.Size, reader.Entry.Checksum));
        return files;
    }
}
