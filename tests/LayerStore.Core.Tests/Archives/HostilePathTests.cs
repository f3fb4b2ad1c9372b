using LayerStore.Archives;

namespace LayerStore.Tests.Archives;

/// <summary>Paths and links that reach for what is outside; the base class checks that nothing there changed.</summary>
public sealed class HostilePathTests : ExtractionTest
{
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
    public void An_absolute_hard_link_means_the_root_of_the_layer()
    {
        var layer = Extract(new TarBuilder().File("etc/passwd", "inside").HardLink("a", "/etc/passwd").HardLink("b", "/etc/shadow"));
        Assert.Equal(At("etc/passwd").Inode, At("a").Inode);
        Assert.Equal("etc/shadow", TarBuilderText(Assert.Single(layer.PendingLinks).Target));
    }

    [Fact]
    public void A_path_of_4097_bytes_is_refused_and_one_of_4096_is_not()
    {
        // 20 names of 199 and a rest: within every limit of Linux but the last byte.
        var path = string.Concat(Enumerable.Repeat(new string('d', 199) + "/", 20)) + new string('f', 96);
        Assert.Equal(4096, path.Length);
        Refuse(ErrorIds.ArchiveLimitExceeded, new TarBuilder().GnuLong('L', path + "x").File("x"));
        Assert.Equal(new Usage(4, 21), Extract(new TarBuilder().GnuLong('L', path).File("x", "deep")).Usage);
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

    private static string TarBuilderText(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
