using System.Text;
using LayerStore.Archives;

namespace LayerStore.Tests.Archives;

/// <summary>Whiteouts, opaque directories and duplicates: what one layer's archive means, in both dialects.</summary>
public sealed class WhiteoutTests : ExtractionTest
{
    [Fact]
    public void A_whiteout_is_a_device_0_0()
    {
        var layer = Extract(new TarBuilder().Directory("d/").File("d/.wh.gone"));
        Assert.Equal("d/ d/gone!", Listing());
        Assert.Equal(new Usage(0, 2), layer.Usage);
        Assert.Equal(1, layer.Whiteouts);
        Assert.Equal(TarBuilder.Time, At("d").Seconds);
    }

    [Fact]
    public void A_whiteout_of_an_ordinary_user_is_a_marked_file_in_a_marked_directory()
    {
        Extract(new TarBuilder().Directory("d/").File("d/.wh.gone").File(".wh.top"), WhiteoutDialect.OverlayUser);
        Assert.Equal("d/ d/gone top", Listing());
        Assert.NotNull(XattrText("d/gone", "user.overlay.whiteout"));
        Assert.Equal("x", XattrText("d", "user.overlay.opaque"));
        Assert.Equal("x", XattrText("", "user.overlay.opaque"));
        Assert.Null(Xattr("d", "trusted.overlay.opaque"));
    }

    [Fact]
    public void A_layer_says_whether_only_overlayfs_understands_all_of_it()
    {
        Assert.True(Extract(new TarBuilder().Directory("d/").File("d/a").Symlink("l", "d")).FilesOnly);
        Assert.False(Extract(new TarBuilder().File("d/.wh.gone")).FilesOnly);
        Assert.False(Extract(new TarBuilder().File("d/.wh..wh..opq")).FilesOnly);
        Assert.False(Extract(new TarBuilder().Pax("SCHILY.xattr.trusted.overlay.redirect", "/etc").File("a")).FilesOnly);

        // The whiteout is replaced; the directory's mark stays.
        Assert.False(Extract(new TarBuilder().File(".wh.a").File("a", "1"), WhiteoutDialect.OverlayUser).FilesOnly);
    }

    [Theory]
    [InlineData(WhiteoutDialect.Overlay)]
    [InlineData(WhiteoutDialect.OverlayUser)]
    public void A_file_stays_whichever_came_first(WhiteoutDialect dialect)
    {
        var layer = Extract(new TarBuilder().File(".wh.a").File("a", "1").File("b", "22").File(".wh.b"), dialect);
        Assert.Equal("a b", Listing());
        Assert.Equal("1", Content("a"));
        Assert.Equal(new Usage(3, 2), layer.Usage);
        Assert.Equal(0, layer.Whiteouts);
        Assert.Null(Xattr("a", "user.overlay.whiteout"));
    }

    [Theory]
    [InlineData(WhiteoutDialect.Overlay, "trusted.overlay.opaque")]
    [InlineData(WhiteoutDialect.OverlayUser, "user.overlay.opaque")]
    public void A_directory_with_a_whiteout_of_its_name_is_opaque_whichever_came_first(WhiteoutDialect dialect, string xattr)
    {
        var layer = Extract(new TarBuilder().File(".wh.a").Directory("a/").File("a/x").Directory("b/").File("b/y").File(".wh.b").Directory("c/"), dialect);
        Assert.Equal("a/ a/x b/ b/y c/", Listing());
        Assert.Equal("y", XattrText("a", xattr));
        Assert.Equal("y", XattrText("b", xattr));
        Assert.Null(Xattr("c", xattr));
        Assert.Equal(0, layer.Whiteouts);
    }

    [Fact]
    public void A_directory_that_came_after_a_file_after_a_whiteout_is_opaque()
    {
        Extract(new TarBuilder().File(".wh.a").File("a", "1").Directory("a/").File("b", "1").File(".wh.b").Directory("b/").Directory("c/"));
        Assert.Equal("y", XattrText("a", "trusted.overlay.opaque"));
        Assert.Equal("y", XattrText("b", "trusted.overlay.opaque"));
        Assert.Null(Xattr("c", "trusted.overlay.opaque"));
    }

    [Fact]
    public void A_directory_that_nobody_described_is_opaque_where_it_was_whited_out()
    {
        var layer = Extract(new TarBuilder().File(".wh.a").File("a/x", "1").File("b/y", "2").File(".wh.b").File("c/z", "3"));
        Assert.Equal("y", XattrText("a", "trusted.overlay.opaque"));
        Assert.Equal("y", XattrText("b", "trusted.overlay.opaque"));
        // The others are new; this one takes its parent's attributes.
        Assert.Equal(["c"], layer.ImpliedDirectories.Select(Encoding.UTF8.GetString));
    }

    [Theory]
    [InlineData(WhiteoutDialect.Overlay, "trusted.overlay.opaque")]
    [InlineData(WhiteoutDialect.OverlayUser, "user.overlay.opaque")]
    public void An_opaque_mark_keeps_what_this_layer_has(WhiteoutDialect dialect, string xattr)
    {
        var layer = Extract(new TarBuilder().Directory("d/").File("d/before", "1").File("d/.wh..wh..opq").File("d/after", "2"), dialect);
        Assert.Equal("d/ d/after d/before", Listing());
        Assert.Equal("y", XattrText("d", xattr));
        Assert.False(layer.RootIsOpaque);
        Assert.Equal(new Usage(2, 3), layer.Usage);
    }

    [Fact]
    public void An_opaque_mark_in_a_directory_that_nobody_described_makes_it()
    {
        var layer = Extract(new TarBuilder().File("x/y/.wh..wh..opq"));
        Assert.Equal("x/ x/y/", Listing());
        Assert.Equal("y", XattrText("x/y", "trusted.overlay.opaque"));
        Assert.Equal(["x", "x/y"], layer.ImpliedDirectories.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void An_opaque_root_is_reported_and_leaves_no_mark()
    {
        var layer = Extract(new TarBuilder().File(".wh.old").File("keep", "1").File(".wh..wh..opq").File("d/.wh.x"));
        Assert.True(layer.RootIsOpaque);
        Assert.Null(Xattr("", "trusted.overlay.opaque"));
        // Nothing is below: whiteouts would only stain the listing.
        Assert.Equal("d/ keep", Listing());
        Assert.Equal(0, layer.Whiteouts);
        Assert.Equal(new Usage(1, 2), layer.Usage);
    }

    [Theory]
    [InlineData(WhiteoutDialect.Overlay)]
    [InlineData(WhiteoutDialect.OverlayUser)]
    public void Whiteouts_below_an_opaque_directory_are_not_kept(WhiteoutDialect dialect)
    {
        var layer = Extract(
            new TarBuilder().Directory("d/").File("d/.wh.a").File("d/sub/.wh.b").File("d/.wh..wh..opq").File("d/.wh.c").Directory("e/").File("e/.wh.kept"), dialect);
        Assert.Equal(dialect == WhiteoutDialect.Overlay ? "d/ d/sub/ e/ e/kept!" : "d/ d/sub/ e/ e/kept", Listing());
        Assert.Equal(1, layer.Whiteouts);
        Assert.Equal(new Usage(0, 4), layer.Usage);
        Assert.Equal(TarBuilder.Time, At("d").Seconds);
    }

    [Fact]
    public void A_whiteout_of_a_link_hides_the_link_and_not_its_target()
    {
        Extract(new TarBuilder().File("target", "1").Symlink("sub/l", "../target").File(".wh.l"));
        Assert.Equal("l! sub/ sub/l target", Listing());
    }

    [Fact]
    public void A_whiteout_through_a_linked_directory_lands_in_the_directory()
    {
        Extract(new TarBuilder().Directory("etc/").Symlink("localetc", "/etc").File("localetc/.wh.x"));
        Assert.Equal("etc/ etc/x! localetc", Listing());
    }

    [Fact]
    public void A_device_0_0_in_the_archive_is_a_whiteout()
    {
        var layer = Extract(new TarBuilder().Device("a", '3', 0, 0).File("b", "1").Device("b", '3', 0, 0).Directory("c/").Device("c", '3', 0, 0));
        Assert.Equal("a! b c/", Listing());
        Assert.Equal("y", XattrText("c", "trusted.overlay.opaque"));
        Assert.Equal(1, layer.Whiteouts);
        Extract(new TarBuilder().Device("a", '3', 0, 0), WhiteoutDialect.OverlayUser);
        Assert.NotNull(Xattr("a", "user.overlay.whiteout"));
    }

    [Fact]
    public void Bookkeeping_of_aufs_is_skipped()
    {
        Extract(new TarBuilder().File(".wh..wh.aufs", "1").Directory(".wh..wh.orph/").File(".wh..wh.orph/x", "2").Directory(".wh..wh.plnk/").File("d/.wh..wh.foo").HardLink(".wh.gone", ".wh..wh.aufs"));
        Assert.Equal("gone!", Listing());
    }

    [Fact]
    public void Links_to_pseudo_links_of_aufs_become_real_files()
    {
        var layer = Extract(new TarBuilder().Directory(".wh..wh.plnk/").File(".wh..wh.plnk/5.12", "data").File(".wh..wh.plnk/5.13", "unused")
            .HardLink("a", ".wh..wh.plnk/5.12").HardLink("d/b", ".wh..wh.plnk/5.12"));
        Assert.Equal("a d/ d/b", Listing());
        Assert.Equal("data", Content("a"));
        Assert.Equal(At("a").Inode, At("d/b").Inode);
        Assert.Equal(2u, At("a").Links);
        Assert.Equal(new Usage(4, 2), layer.Usage);
        Assert.Equal(["d"], layer.ImpliedDirectories.Select(Encoding.UTF8.GetString));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().HardLink("a", ".wh..wh.plnk/none"));
    }

    [Fact]
    public void A_hard_link_to_a_name_that_was_whited_out_belongs_to_the_layer_below()
    {
        var layer = Extract(new TarBuilder().File(".wh.old").HardLink("new", "old"));
        Assert.Equal("old!", Listing());
        Assert.Equal("new", Encoding.UTF8.GetString(Assert.Single(layer.PendingLinks).Path));
    }

    [Fact]
    public void The_last_of_two_files_of_one_name_wins()
    {
        var layer = Extract(new TarBuilder().File("a", "first", mode: 0x1ed).HardLink("b", "a").File("a", "2"));
        Assert.Equal("2", Content("a"));
        Assert.Equal("first", Content("b"));
        Assert.Equal("644", At("a").Octal);
        Assert.Equal(new Usage(6, 2), layer.Usage);
    }

    [Fact]
    public void A_directory_over_a_directory_keeps_the_content_and_takes_the_attributes()
    {
        var layer = Extract(new TarBuilder().Directory("d/", mode: 0x1ed).File("d/a", "1").Directory("d/", mode: 0x5c0, uid: 7, gid: 8, time: 5));
        Assert.Equal("d/ d/a", Listing());
        Assert.Equal(("2700", 7u, 8u, 5L), (At("d").Octal, At("d").Uid, At("d").Gid, At("d").Seconds));
        Assert.Equal(new Usage(1, 2), layer.Usage);
    }

    [Fact]
    public void What_replaces_is_counted_and_what_was_replaced_is_not()
    {
        var layer = Extract(new TarBuilder().File("x/1", "111").Symlink("x/2", "44444").File("x/.wh.3").File("x/4", "1").HardLink("y", "x/4").File("x", "55").Directory("y/"));
        Assert.Equal("x y/", Listing());
        Assert.Equal(new Usage(2, 2), layer.Usage);
        Assert.Equal(0, layer.Whiteouts);
    }

    [Fact]
    public void A_hard_link_into_a_lower_layer_is_reported_once_and_only_while_it_holds()
    {
        var layer = Extract(new TarBuilder().HardLink("a", "lower/file").HardLink("b", "a").HardLink("c", "lower/c").File("c", "mine").HardLink("e/f", "g").File("e", "x")
            .File("h", "old").HardLink("h", "lower/h"));
        Assert.Equal("c e", Listing());
        Assert.Equal("a<lower/file b<lower/file h<lower/h", string.Join(" ", layer.PendingLinks.Select(link => $"{Encoding.UTF8.GetString(link.Path)}<{Encoding.UTF8.GetString(link.Target)}")));
        Assert.Equal(new Usage(5, 2), layer.Usage);
    }

    [Fact]
    public void A_hard_link_into_a_lower_layer_has_the_path_without_links()
    {
        var layer = Extract(new TarBuilder().Directory("usr/lib/").Symlink("lib", "usr/lib").HardLink("lib/a", "lib/lower").HardLink("b", "lib/none/../lower2"));
        Assert.Equal("b<usr/lib/lower2 usr/lib/a<usr/lib/lower", string.Join(" ", layer.PendingLinks.Select(link => $"{Encoding.UTF8.GetString(link.Path)}<{Encoding.UTF8.GetString(link.Target)}")));
    }

    [Fact]
    public void A_hard_link_that_replaces_the_directory_with_its_target_looks_below()
    {
        var layer = Extract(new TarBuilder().File("d/f", "1").HardLink("d", "d/f"));
        Assert.Equal("", Listing());
        Assert.Equal("d/f", Encoding.UTF8.GetString(Assert.Single(layer.PendingLinks).Target));
    }

    [Fact]
    public void Directories_that_nobody_described_are_root_s_with_the_entry_s_time_until_somebody_does()
    {
        var layer = Extract(new TarBuilder().File("a/b/c", "1", time: 1000).Directory("a/", mode: 0x1c0, time: 2000).File("e/f", "1", time: 3000).File("e", "g"));
        Assert.Equal(["a/b"], layer.ImpliedDirectories.Select(Encoding.UTF8.GetString));
        Assert.Equal(("755", 0u, 1000L), (At("a/b").Octal, At("a/b").Uid, At("a/b").Seconds));
        Assert.Equal(("700", 2000L), (At("a").Octal, At("a").Seconds));
        Assert.False(layer.RootIsDescribed);
        Assert.Equal(("755", 1000L), (At("").Octal, At("").Seconds));
    }

    [Fact]
    public void The_root_takes_the_attributes_of_its_entry()
    {
        var layer = Extract(new TarBuilder().File("a", "1").Directory("./", mode: 0x1c1, uid: 3, gid: 4, time: 77).File("b", "1"));
        Assert.True(layer.RootIsDescribed);
        Assert.Equal(("701", 3u, 4u, 77L), (At("").Octal, At("").Uid, At("").Gid, At("").Seconds));
        Assert.Equal(0u, At("b").Gid);
    }
}
