using LayerStore.Archives;
using LayerStore.Drivers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>The same archives give the same tree on every driver, to the last attribute; what Docker's drivers disagree about included.</summary>
public abstract class SameTreeTests
{
    private readonly (string Driver, string Path)[] _places;

    /// <summary>Says which drivers are compared, and where each works.</summary>
    protected SameTreeTests(params (string Driver, string Path)[] places) => _places = places;

    [FileSystemFact]
    public void Files_below_a_directory_that_the_base_has_as_a_link_go_where_it_leads()
    {
        var lines = SameTree(
            new LayerContent().Directory("usr").Directory("usr/lib", mode: 0x1c0, uid: 5).File("usr/lib/old", "old").Symlink("lib", "usr/lib").Symlink("lib64", "/usr/lib"),
            new LayerContent().File("lib/new", "new").File("lib/sub/deep", "deep").File("lib64/other", "other"));
        Assert.Contains(lines, line => line.StartsWith("/lib 120777", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/usr/lib 40700 5:0", StringComparison.Ordinal));
        foreach (var file in new[] { "new", "old", "other", "sub/deep" })
            Assert.Contains(lines, line => line.StartsWith($"/usr/lib/{file} 100644", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void Links_through_links_and_out_of_the_root_stay_inside()
    {
        var lines = SameTree(
            new LayerContent().Directory("real").Symlink("a", "b").Symlink("b", "../../real").Symlink("dangling", "made/here").Symlink("loop", "loop").File("file", "x").Symlink("tofile", "file"),
            new LayerContent().File("a/x", "1").File("dangling/y", "2").File("loop/z", "3").File("tofile/w", "4"));
        Assert.Contains(lines, line => line.StartsWith("/real/x 100644", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/made/here/y 100644", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/loop/z 100644", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/tofile/w 100644", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void A_directory_that_was_only_implied_stays_as_the_base_has_it()
    {
        var lines = SameTree(
            new LayerContent().Directory("dir", mode: 0x3ff, uid: 3, gid: 4).Directory("dir/sub", mode: 0x1c0).File("dir/old", "x"),
            new LayerContent().File("dir/sub/new", "x").File("fresh/file", "x"));
        Assert.Contains(lines, line => line.StartsWith("/dir 41777 3:4 @1700000000", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/dir/sub 40700 0:0 @1700000000", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/fresh 40755 0:0 @1700000000", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void A_directory_that_the_archive_describes_replaces_the_link_of_the_base()
    {
        var lines = SameTree(
            new LayerContent().Directory("usr").File("usr/file", "x").Symlink("bin", "usr"),
            new LayerContent().Directory("bin", mode: 0x1c0).File("bin/tool", "x"));
        Assert.Contains(lines, line => line.StartsWith("/bin 40700", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("/usr/tool", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void Hard_links_find_their_targets_in_the_layers_below()
    {
        var lines = SameTree(
            new LayerContent().Directory("usr").File("usr/file", "content", mode: 0x9ed, uid: 7, xattrs: ("user.x", "y")).Symlink("lib", "usr").Symlink("alias", "usr/file"),
            new LayerContent().Directory("usr").File("usr/middle", "x"),
            new LayerContent().Hardlink("link", "usr/file").Hardlink("again", "link").Hardlink("lib/third", "lib/file").Hardlink("linkalias", "alias").Hardlink("m", "usr/middle"));
        Assert.Equal(3, lines.Count(line => line.Contains("104755 7:0", StringComparison.Ordinal) && line.Contains("same as /again", StringComparison.Ordinal)
            && line.Contains("user.x=79", StringComparison.Ordinal)) - 1);
        Assert.Contains(lines, line => line.StartsWith("/linkalias 120777", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/usr/third", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void A_hard_link_to_nothing_is_an_error_that_names_both()
    {
        foreach (var (driver, path) in _places)
        {
            using var play = new DriverPlayground(driver, path);
            var error = Assert.Throws<StoreException>(() => Apply(play, new LayerContent().File("x", "x").Directory("dir"), new LayerContent().Hardlink("link", "usr/missing")));
            Assert.Equal(ErrorIds.ArchiveCorrupt, error.ErrorId);
            Assert.Contains("'link' to 'usr/missing'", error.Message, StringComparison.Ordinal);
            Assert.Equal(ErrorIds.ArchiveCorrupt, Assert.Throws<StoreException>(
                () => Apply(play, new LayerContent().Directory("dir"), new LayerContent().Hardlink("link", "dir"))).ErrorId);
            foreach (var layer in play.Driver.Enumerate())
                play.Driver.Remove(layer.Id);
            Assert.Empty(play.Driver.Enumerate());
        }
    }

    [FileSystemFact]
    public void Whiteouts_hide_and_an_opaque_root_cuts_the_chain()
    {
        var lines = SameTree(
            new LayerContent().File("a", "1").Directory("d").File("d/b", "1").File("d/c", "1").Directory("gone").File("gone/x", "1"),
            new LayerContent().Directory("d").Whiteout("d/b").Whiteout("gone").Whiteout("never"));
        Assert.Equal(["/", "/a", "/d", "/d/c"], lines.Select(line => line.Split(' ')[0]));
        lines = SameTree(
            new LayerContent().File("a", "1").Directory("d").File("d/b", "1"),
            new LayerContent().Opaque("").File("new", "2"),
            new LayerContent().File("newer", "3"));
        Assert.Equal(["/", "/new", "/newer"], lines.Select(line => line.Split(' ')[0]));
    }

    [FileSystemFact]
    public void A_name_that_a_layer_both_deletes_and_makes_is_there_without_its_past()
    {
        var lines = SameTree(
            new LayerContent().File("file", "old").Directory("dir").File("dir/old", "x").Directory("dir2").File("dir2/old", "x").Directory("dir3").File("dir3/old", "x"),
            new LayerContent().File("file", "new").Whiteout("file").Whiteout("dir").File("dir/new", "x").Directory("dir2").File("dir2/new", "x").Whiteout("dir2")
                .Directory("dir3").File("dir3/new", "x").Opaque("dir3"));
        Assert.Equal(["/", "/dir", "/dir/new", "/dir2", "/dir2/new", "/dir3", "/dir3/new", "/file"], lines.Select(line => line.Split(' ')[0]));
    }

    [FileSystemFact]
    public void A_device_of_overlayfs_s_own_and_its_attributes_mean_the_same()
    {
        var lines = SameTree(
            new LayerContent().File("hidden", "x").Directory("dir").File("dir/kept", "x").File("other", "x"),
            new LayerContent().CharacterDevice("hidden", 0, 0).CharacterDevice("null", 1, 3).Fifo("pipe").Directory("dir")
                .File("dir/opaque?", "x", xattrs: ("trusted.overlay.opaque", "y")).File("escaped", "x", xattrs: ("trusted.overlay.overlay.x", "z")));
        Assert.DoesNotContain(lines, line => line.StartsWith("/hidden", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/dir/kept", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/dir/opaque? ", StringComparison.Ordinal) && line.Contains("[trusted.overlay.opaque=79]", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/null 20666", StringComparison.Ordinal) && line.EndsWith("1:3", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void Kinds_may_change_from_layer_to_layer()
    {
        SameTree(
            new LayerContent().File("file", "x").Directory("dir").File("dir/x", "x").Symlink("link", "dir").Directory("dir2").File("dir2/y", "y"),
            new LayerContent().Directory("file").File("file/inside", "x").File("dir", "now a file").File("link", "now a file").Symlink("dir2", "file"),
            new LayerContent().File("file/more", "x").File("dir2/through", "x").Whiteout("link").Directory("dir").File("dir/new", "x"));
    }

    [FileSystemFact]
    public void Layers_without_deletions_are_moved_in_and_merged_where_names_meet()
    {
        var lines = SameTree(
            new LayerContent().Directory("full").File("full/old", "1").File("full/kept", "1").Directory("empty").Directory("emptied", mode: 0x1c0).File("emptied/x", "x").Directory("was").File("was/in", "x")
                .File("far/away", "x", xattrs: ("trusted.overlay.opaque", "y")),
            new LayerContent().Directory("full", mode: 0x1f8, uid: 3).File("full/old", "22").Directory("full/new").File("full/new/deep", "x").Directory("empty", uid: 5).File("empty/in", "z")
                .Directory("emptied").File("was", "a file").File("implied/by/path", "x"),
            // What comes up with the link has an attribute that overlayfs would take for its own.
            new LayerContent().Hardlink("link", "far/away").Directory("was").File("was/again", "x"));
        Assert.Equal(
            ["/", "/emptied", "/emptied/x", "/empty", "/empty/in", "/far", "/far/away", "/full", "/full/kept", "/full/new", "/full/new/deep", "/full/old", "/implied", "/implied/by", "/implied/by/path", "/link", "/was", "/was/again"],
            lines.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/link ", StringComparison.Ordinal) && line.Contains("[trusted.overlay.opaque=79]", StringComparison.Ordinal));
    }

    [FileSystemFact]
    public void A_layer_that_deletes_only_what_is_not_there_changes_nothing()
    {
        var lines = SameTree(new LayerContent().File("a", "1").Directory("d"), new LayerContent().Whiteout("nothing"), new LayerContent().Whiteout("d/nothing"));
        Assert.Equal(["/", "/a", "/d"], lines.Select(line => line.Split(' ')[0]));
    }

    /// <summary>Applies the layers on every driver, and gives the tree that a container on them sees.</summary>
    private IReadOnlyList<string> SameTree(params LayerContent[] layers)
    {
        var trees = _places.Select(place =>
        {
            using var play = new DriverPlayground(place.Driver, place.Path);
            var chain = Apply(play, layers);
            var (container, mount) = play.Run([.. chain]);
            using (mount)
            {
                Assert.Empty(play.Changes(container, [.. chain]));
                Assert.Equal(0, play.Driver.Measure(container, chain).Bytes);
                return TreeFingerprint.Of(mount.Root);
            }
        }).ToArray();
        foreach (var tree in trees[1..])
            Assert.Equal(trees[0], tree);
        return trees[0];
    }

    private static List<LayerId> Apply(DriverPlayground play, params LayerContent[] layers)
    {
        var chain = new List<LayerId>();
        foreach (var layer in layers)
        {
            var id = LayerId.New();
            play.Driver.Prepare(id, LayerPurpose.Image, play.Driver.Features.HasFlag(DriverFeatures.AppliesOnParent) ? chain : []);
            var target = play.Driver.OpenForApply(id);
            ExtractedLayer extracted;
            using (target.Directory)
                extracted = LayerExtractor.Extract(new MemoryStream(layer.ToTar()), target, ExtractionLimits.Default, null, CancellationToken.None);
            if (extracted.RootIsOpaque)
                chain.Clear();
            play.Driver.CompleteApply(id, chain, extracted);
            play.Driver.Commit(id);
            chain.Insert(0, id);
        }
        return chain;
    }
}

[OnFileSystem(FileSystemKind.Ext4)]
[OnFileSystem(FileSystemKind.Btrfs)]
public sealed class SameTreeOnHost(Ext4Fixture ext4, BtrfsFixture btrfs)
    : SameTreeTests(("overlay2", ext4.Path), ("vfs", ext4.Path), ("btrfs", btrfs.Path)), IClassFixture<Ext4Fixture>, IClassFixture<BtrfsFixture>;
