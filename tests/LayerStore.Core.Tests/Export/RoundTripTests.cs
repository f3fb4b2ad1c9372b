using LayerStore.Archives.TarSplit;
using LayerStore.Layers;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Images;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Export;

/// <summary>What came in goes out bit for bit, whatever the archive looks like and whatever the driver does with it.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Drivers => ["overlay2", "vfs"];

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Archives_made_by_chance_come_back(string driver)
    {
        using var store = new ImportStore(driver, "/dev/shm");
        var accepted = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            byte[] lower = new RandomArchive(seed).Make(lower: true), upper = new RandomArchive(seed + 10_000).Make(lower: false);
            ContainerImage image;
            try
            {
                image = store.Import(new ImageBuilder($"random:{seed}").RawLayer(lower).RawLayer(upper));
            }
            catch (StoreException error) when (error.ErrorId is ErrorIds.ArchiveUnsafePath or ErrorIds.ArchiveCorrupt)
            {
                continue; // Chance made something that no store takes: a file below a file.
            }
            AssertSame(lower, store, image.Layers[0], seed);
            AssertSame(upper, store, image.Layers[1], seed);
            accepted++;
        }
        Assert.True(accepted > 30, $"only {accepted} archives could be extracted");
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Names_that_come_again_keep_all_their_contents(string driver) => ComesBack(driver, new TarBuilder()
        .File("a", "first").File("a", "second, longer").HardLink("b", "a").File("a", "third").File("b", "fourth")
        .Directory("d/").File("d/x", "in d").File("d/y", "also").File("d", "no directory any more").Directory("d/").File("d/x", "again")
        .File("./a", "fifth").File("/a", "sixth").Symlink("a", "b").File("a", "seventh").End());

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_link_that_becomes_a_directory_leaves_its_files_where_they_went(string driver) => ComesBack(driver, new TarBuilder()
        .Directory("usr/").Directory("usr/lib/").Symlink("lib", "usr/lib").File("lib/x", "through the link").File("lib", "f").Directory("lib/").File("lib/x", "of the directory")
        .File("lib/../dots/./z", "cleaned").End());

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Files_that_follow_a_link_of_a_lower_layer_come_back(string driver)
    {
        using var store = new ImportStore(driver);
        var lower = new TarBuilder().Directory("usr/").Directory("usr/lib/").File("usr/lib/old", "old").Symlink("lib", "usr/lib").End();
        var upper = new TarBuilder()
            .File("usr/lib/x", "direct, replaced when lib turns out to be a link").File("usr/lib/only", "direct").File("usr/lib/deep/er/f", "deep")
            .File("lib/x", "implied").File("lib/deep/er/f", "deep, implied").File("lib/deep/g", "new").File("lib/x", "implied, again").End();
        var image = store.Import(new ImageBuilder("app:1").RawLayer(lower).RawLayer(upper));
        AssertSame(lower, store, image.Layers[0], 0);
        AssertSame(upper, store, image.Layers[1], 0);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Pseudo_links_of_aufs_come_back(string driver) => ComesBack(driver, new TarBuilder()
        .Directory(".wh..wh.plnk/").File(".wh..wh.plnk/1.2", "linked").HardLink("a", ".wh..wh.plnk/1.2").HardLink("b", ".wh..wh.plnk/1.2").File(".wh..wh.aufs", "metadata").End());

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

    private static void ComesBack(string driver, byte[] archive)
    {
        using var store = new ImportStore(driver);
        var image = store.Import(new ImageBuilder("app:1").RawLayer(archive));
        AssertSame(archive, store, image.Layers[0], 0);
    }

    private static void AssertSame(byte[] archive, ImportStore store, string layer, int seed)
    {
        using var result = new MemoryStream();
        store.Store.Layers.WriteArchive(layer, result);
        Assert.True(archive.AsSpan().SequenceEqual(result.ToArray()), $"the archive with seed {seed} came back changed");
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
