using LayerStore.Archives;

namespace LayerStore.Tests.Archives;

/// <summary>Paths and links that reach for what is outside; the base class checks that nothing there changed.</summary>
public sealed class HostilePathTests : ExtractionTest
{
    [Theory]
    [InlineData("../victim/x")]
    [InlineData("/../victim/x")]
    [InlineData("a/../../x")]
    [InlineData("..")]
    [InlineData("./../layer1-evil/x")]
    [InlineData("a/b/../../../etc/passwd")]
    public void A_path_that_leaves_the_root_is_refused(string path)
    {
        var error = Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Directory("a/").File(path, "evil"));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dots_that_stay_inside_are_cleaned()
    {
        Extract(new TarBuilder().File("a/../b//./c", "x").File("./d/", "y"));
        Assert.Equal("b/ b/c d", Listing());
    }

    [Fact]
    public void An_absolute_path_lands_inside()
    {
        Extract(new TarBuilder().File("/etc/passwd", "inside"));
        Assert.Equal("inside", Content("etc/passwd"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_symbolic_link_on_the_way_is_followed_inside_the_root(bool openAt2)
    {
        Extract(new TarBuilder().Directory("etc/").Symlink("abs", "/etc").Symlink("up", "../../../../etc").File("abs/one", "1").File("up/two", "2"), openAt2: openAt2);
        Assert.Equal("abs etc/ etc/one etc/two up", Listing());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Chains_of_links_are_followed_inside_the_root(bool openAt2)
    {
        Extract(new TarBuilder().Directory("real/").Symlink("b", "/real").Symlink("a", "/b").Symlink("d/e", "../a").File("a/x", "1").File("d/e/y", "2"), openAt2: openAt2);
        Assert.Equal("a b d/ d/e real/ real/x real/y", Listing());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_to_nothing_makes_its_target_inside(bool openAt2)
    {
        var layer = Extract(new TarBuilder().Symlink("l", "/etc").File("l/unbroken", "x").File("l/second", "y"), openAt2: openAt2);
        Assert.Equal("etc/ etc/second etc/unbroken l", Listing());
        Assert.Equal(["etc"], layer.ImpliedDirectories.Select(TarBuilderText));
    }

    [Fact]
    public void Links_in_a_circle_are_refused() =>
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Symlink("a", "b").Symlink("b", "a").File("a/x", "1"));

    [Fact]
    public void A_file_replaces_a_link_and_does_not_write_through_it()
    {
        Extract(new TarBuilder().Symlink("f", $"{Base}/victim/hello").File("f", "").Symlink("g", "../victim/hello").File("g", "new"));
        Assert.Equal('f', At("f").Type);
        Assert.Equal("new", Content("g"));
    }

    [Fact]
    public void A_hard_link_through_a_linked_directory_is_the_file_inside()
    {
        Extract(new TarBuilder().File("etc/passwd", "inside").Directory("breakouts/").Symlink("breakouts/d1", "../../etc").HardLink("mypasswd", "breakouts/d1/passwd"));
        Assert.Equal(At("etc/passwd").Inode, At("mypasswd").Inode);
        Assert.Equal(2u, At("mypasswd").Links);
    }

    [Theory]
    [InlineData("../victim/hello")]
    [InlineData("../../../../../etc/passwd")]
    [InlineData("/../victim/hello")]
    [InlineData("a/../../victim/hello")]
    public void A_hard_link_that_leaves_the_root_is_refused(string target) =>
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Directory("a/").HardLink("x", target));

    [Fact]
    public void An_absolute_hard_link_means_the_root_of_the_layer()
    {
        var layer = Extract(new TarBuilder().File("etc/passwd", "inside").HardLink("a", "/etc/passwd").HardLink("b", "/etc/shadow"));
        Assert.Equal(At("etc/passwd").Inode, At("a").Inode);
        Assert.Equal("etc/shadow", TarBuilderText(Assert.Single(layer.PendingLinks).Target));
    }

    [Fact]
    public void A_hard_link_to_a_link_is_that_link_and_nothing_goes_through_it()
    {
        // CVE-2021-32760: the mode of a hard link's header reached the target of a symbolic link.
        Extract(new TarBuilder().Symlink("l", $"{Base}/victim/hello").HardLink("h", "l", mode: 0xfff).File("h", "new", mode: 0x1ff));
        Assert.Equal('l', At("l").Type);
        Assert.Equal("new", Content("h"));
    }

    [Fact]
    public void A_hard_link_changes_no_attribute_of_its_target()
    {
        Extract(new TarBuilder().File("a", "x", mode: 0x180).HardLink("b", "a", mode: 0xfff));
        Assert.Equal("600", At("a").Octal);
    }

    [Fact]
    public void A_hard_link_to_itself_is_refused() => Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().File("a", "x").HardLink("a", "./a"));

    [Fact]
    public void A_hard_link_to_a_directory_is_refused() => Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Directory("d/").HardLink("a", "d"));

    [Fact]
    public void A_hard_link_to_the_root_is_refused() => Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().HardLink("a", "/"));

    [Fact]
    public void Names_that_are_none_are_refused()
    {
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Symlink("", "/etc"));
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Symlink("x", ""));
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Symlink("/.", "/etc"));
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().File("./", "x"));
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Pax("linkpath", "").Symlink("x", ""));
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().HardLink("x", ""));
    }

    [Fact]
    public void A_link_cannot_stand_for_the_root() =>
        // CVE-2021-29136: the root became a link, and later entries went where it led.
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().Symlink("./", "../victim").File("hello", "evil"));

    [Fact]
    public void A_slash_at_the_end_changes_nothing_but_old_directories()
    {
        Extract(new TarBuilder().Symlink("l/", "t").File("f/", "x").Add(new() { Name = "v7/"u8.ToArray(), Type = '\0', Magic = "", Mode = 0x1ed }));
        Assert.Equal("f l v7/", Listing());
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../../etc")]
    public void A_link_replaces_a_directory_with_all_its_content(string target)
    {
        Extract(new TarBuilder().Directory("d/").File("d/a", "1").File("d/sub/b", "2").Symlink("d", target).File("d/passwd", "inside"));
        Assert.Equal("d etc/ etc/passwd", Listing());
    }

    [Fact]
    public void A_directory_replaces_a_link()
    {
        Extract(new TarBuilder().Symlink("l", $"{Base}/victim").Directory("l/").File("l/hello", "mine"));
        Assert.Equal("l/ l/hello", Listing());
    }

    [Fact]
    public void A_directory_replaces_a_link_that_has_another_name()
    {
        Extract(new TarBuilder().Symlink("l", $"{Base}/victim").HardLink("h", "l").Directory("l/").File("l/hello", "mine").File("h", "new"));
        Assert.Equal("h l/ l/hello", Listing());
        Assert.Equal("new", Content("h"));
    }

    [Fact]
    public void Nothing_lies_below_a_file() => Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().File("a", "x").File("a/b", "y"));

    [Fact]
    public void A_path_of_4097_bytes_is_refused_and_one_of_4096_is_not()
    {
        // 20 names of 199 and a rest: within every limit of Linux but the last byte.
        var path = string.Concat(Enumerable.Repeat(new string('d', 199) + "/", 20)) + new string('f', 96);
        Assert.Equal(4096, path.Length);
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().GnuLong('L', path + "x").File("x"));
        Assert.Equal(new Usage(4, 21), Extract(new TarBuilder().GnuLong('L', path).File("x", "deep")).Usage);
    }

    [Fact]
    public void A_name_of_255_bytes_is_taken_and_one_of_256_is_refused()
    {
        Extract(new TarBuilder().GnuLong('L', new string('n', 255)).File("x", "ok"));
        Assert.Equal(new string('n', 255), Listing());
        Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().GnuLong('L', new string('n', 256)).File("x", "ok"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thousand_nested_directories_are_made_and_replaced(bool openAt2)
    {
        var deep = string.Join("/", Enumerable.Repeat("d", 1000));
        var archive = new TarBuilder().GnuLong('L', deep + "/f").File("x", "deep").GnuLong('L', deep + "/g").File("x", "deep")
            .GnuLong('L', deep[..600] + "/h").File("x", "half way");
        Extract(archive, openAt2: openAt2);
        Assert.Equal(1003, Walk(Root, "").Count());
        Assert.All(Walk(Root, "").Where(node => node.Type == 'd'), node => Assert.Equal(TarBuilder.Time, node.Seconds));
        var layer = Extract(archive.File("d", "a file now"), openAt2: openAt2);
        Assert.Equal("d", Listing());
        Assert.Equal(new Usage("a file now".Length, 1), layer.Usage);
        Assert.Empty(layer.ImpliedDirectories);
    }

    [Fact]
    public void A_hundred_thousand_nested_directories_are_refused()
    {
        var archive = new TarBuilder().Pax("path", string.Join("/", Enumerable.Repeat("d", 100_000))).File("x", "deep");
        Refuse(ErrorIds.ArchiveLimitExceeded, archive);
        Refuse(ErrorIds.ArchiveLimitExceeded, archive, new ExtractionLimits { MaxPathBytes = 1 << 20 });
        // What would have to be remembered is bounded too.
        Refuse(ErrorIds.ArchiveLimitExceeded, archive, new ExtractionLimits { MaxPathBytes = 1 << 20, MaxPathDepth = 200_000 });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_it_is_allowed_a_path_may_be_longer_than_Linux_takes_at_once(bool openAt2)
    {
        var limits = new ExtractionLimits { MaxPathBytes = 1 << 20, MaxPathDepth = 200_000 };
        var deep = string.Join("/", Enumerable.Repeat("d", 4000));
        var archive = new TarBuilder().Pax("path", deep + "/f").File("x", "deep").File("x", "shallow").Pax("path", deep + "/g").File("x", "deep");
        var layer = Extract(archive, openAt2: openAt2, limits: limits);
        Assert.Equal(new Usage(15, 4003), layer.Usage);
        layer = Extract(archive.File("d", "a file now"), openAt2: openAt2, limits: limits);
        Assert.Equal("d x", Listing());
        Assert.Equal(new Usage(17, 2), layer.Usage);
    }

    [Fact]
    public void Twins_by_case_and_by_Unicode_form_are_two_files()
    {
        Extract(new TarBuilder().File("A", "1").File("a", "2").File("\u00e9", "3").File("e\u0301", "4"));
        Assert.Equal(4, Walk(Root, "").Count());
    }

    [Fact]
    public void An_unprintable_name_is_escaped_in_messages()
    {
        var error = Refuse(ErrorIds.ArchiveUnsafePath, new TarBuilder().File("\u001b[31m\n/../../x", "1"));
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.Contains("\\u001b", error.Message, StringComparison.Ordinal);
    }

    private static string TarBuilderText(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
