using LayerStore.Archives;

namespace LayerStore.Tests.Archives;

/// <summary>Owners, modes, times and extended attributes come out as they went in, and what would do harm does not.</summary>
public sealed class AttributeTests : ExtractionTest
{
    [Fact]
    public void Modes_with_setuid_setgid_and_sticky_are_kept_under_any_owner()
    {
        Extract(new TarBuilder().File("suid", "x", mode: 0x9ed, uid: 5, gid: 6).File("rootsuid", "x", mode: 0x9ed).Directory("sgid/", mode: 0x5ff).Directory("sticky/", mode: 0x3ff, uid: 7)
            .File("world", "x", mode: 0x1b6).File("none", "x", mode: 0));
        Assert.Equal(("4755", 5u, 6u), (At("suid").Octal, At("suid").Uid, At("suid").Gid));
        Assert.Equal("4755", At("rootsuid").Octal);
        Assert.Equal("2777", At("sgid").Octal);
        Assert.Equal(("1777", 7u), (At("sticky").Octal, At("sticky").Uid));
        Assert.Equal("666", At("world").Octal);
        Assert.Equal("0", At("none").Octal);
    }

    [Fact]
    public void What_is_made_in_a_setgid_directory_has_the_archive_s_own_group()
    {
        Extract(new TarBuilder().Directory("d/", mode: 0x5ff, gid: 50).File("d/f", "x").Directory("d/sub/").File("d/sub/f", "x").Symlink("d/l", "f").File("d/i/f", "x").Pipe("d/p"));
        Assert.All(Walk(Root, "").Skip(1), node => Assert.Equal((node.Path, 0u), (node.Path, node.Gid)));
        Assert.Equal("755", At("d/sub").Octal);
        Assert.Equal("755", At("d/i").Octal);
    }

    [Fact]
    public void Owners_up_to_two_below_the_largest_number_are_kept()
    {
        Extract(new TarBuilder().File("a", "x", uid: 4294967294, gid: 4294967293).Symlink("l", "a", uid: 70000, gid: 80000).Device("n", '3', 1, 3, uid: 9));
        Assert.Equal((4294967294u, 4294967293u), (At("a").Uid, At("a").Gid));
        Assert.Equal((70000u, 80000u), (At("l").Uid, At("l").Gid));
        Assert.Equal(9u, At("n").Uid);
    }

    [Theory]
    [InlineData(4294967295)]
    [InlineData(4294967296)]
    [InlineData(-1)]
    public void An_owner_that_Linux_does_not_have_is_refused(long uid) => Refuse(ErrorIds.ArchiveEntryUnsupported, new TarBuilder().File("a", "x", uid: uid));

    [Fact]
    public void Times_are_kept_to_the_nanosecond_before_1970_too()
    {
        Extract(new TarBuilder().Pax("mtime", "1234567890.123456789").File("a", "x").Pax("mtime", "-1.25").File("b", "x").Pax("mtime", "5.0000000019").Directory("d/").File("d/f")
            .Pax("mtime", "7.1").Symlink("l", "x").File("old", "x", time: -5));
        Assert.Equal((1234567890L, 123456789u), (At("a").Seconds, At("a").Nanoseconds));
        Assert.Equal((-2L, 750000000u), (At("b").Seconds, At("b").Nanoseconds));
        Assert.Equal((5L, 1u), (At("d").Seconds, At("d").Nanoseconds));
        Assert.Equal((7L, 100000000u), (At("l").Seconds, At("l").Nanoseconds));
        Assert.Equal(-5L, At("old").Seconds);
    }

    [Fact]
    public void A_directory_keeps_its_time_however_often_the_archive_comes_back_to_it()
    {
        Extract(new TarBuilder().Directory("a/", time: 100).Directory("a/b/", time: 200).File("a/b/1").File("c/1").File("a/2").File("a/b/2").File("c/2").HardLink("a/3", "c/1").Symlink("a/b/3", "x"));
        Assert.Equal(100, At("a").Seconds);
        Assert.Equal(200, At("a/b").Seconds);
    }

    [Fact]
    public void Extended_attributes_are_kept_as_bytes()
    {
        byte[] binary = [0x00, 0xff, 0x80, 0xfe, 0x01], lines = [(byte)'a', (byte)'\n', 0, (byte)'=', (byte)'\n'];
        Extract(new TarBuilder().Pax(("SCHILY.xattr.user.bin", binary), ("SCHILY.xattr.user.lines", lines), ("SCHILY.xattr.user.empty", [])).File("a", "x")
            .Pax(("SCHILY.xattr.trusted.t", binary)).Directory("d/").Pax(("SCHILY.xattr.trusted.t", binary)).Symlink("l", "a").Pax(("SCHILY.xattr.trusted.t", binary)).Device("n", '3', 1, 3));
        Assert.Equal(binary, Xattr("a", "user.bin"));
        Assert.Equal(lines, Xattr("a", "user.lines"));
        Assert.Equal("", XattrText("a", "user.empty"));
        Assert.Equal(binary, Xattr("d", "trusted.t"));
        Assert.Equal(binary, Xattr("l", "trusted.t"));
        Assert.Equal(binary, Xattr("n", "trusted.t"));
    }

    [Fact]
    public void A_user_attribute_where_Linux_has_none_is_left_out()
    {
        Extract(new TarBuilder().Pax("SCHILY.xattr.user.x", "1").Symlink("l", "a").Pax("SCHILY.xattr.user.x", "1").Device("n", '3', 1, 3).Pax("SCHILY.xattr.user.x", "1").Pipe("p"));
        Assert.Equal("l n p", Listing());
    }

    [Theory]
    [InlineData("trusted.overlay.opaque", "y")]
    [InlineData("trusted.overlay.redirect", "/etc")]
    [InlineData("trusted.overlay.metacopy", "")]
    [InlineData("trusted.overlay.overlay.opaque", "y")]
    [InlineData("user.overlay.opaque", "y")]
    [InlineData("user.overlay.whiteout", "y")]
    public void Attributes_of_overlayfs_are_escaped_as_overlayfs_escapes_them(string name, string value)
    {
        Extract(new TarBuilder().Pax("SCHILY.xattr." + name, value).Directory("d/").Pax("SCHILY.xattr." + name, value).File("d/f"));
        var escaped = name.Insert(name.IndexOf(".overlay.", StringComparison.Ordinal), ".overlay");
        foreach (var path in (string[])["d", "d/f"])
        {
            Assert.Null(Xattr(path, name));
            Assert.Equal(value, XattrText(path, escaped));
        }
    }

    [Theory]
    [InlineData("security.selinux")]
    [InlineData("security.ima")]
    [InlineData("security.evm")]
    [InlineData("user.containers.override_stat")]
    [InlineData("user.layerstore.security.capability")]
    [InlineData("system.nfs4_acl")]
    [InlineData("btrfs.compression")]
    public void Attributes_of_another_host_are_dropped(string name)
    {
        Extract(new TarBuilder().Pax("SCHILY.xattr." + name, "0:0:0755").File("a", "x"));
        Assert.Null(Xattr("a", name));
    }

    [Fact]
    public void File_capabilities_are_kept_on_files_in_the_forms_that_Linux_knows()
    {
        byte[] two = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Extract(new TarBuilder().Pax(("SCHILY.xattr.security.capability", two)).File("a", "x", mode: 0x1ed, uid: 5)
            .Pax(("SCHILY.xattr.security.capability", two)).Symlink("l", "a").Pax(("SCHILY.xattr.security.capability", two)).Directory("d/"));
        Assert.Equal(two, Xattr("a", "security.capability"));
        Assert.Null(Xattr("d", "security.capability"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax(("SCHILY.xattr.security.capability", two[..19])).File("a", "x"));
        Refuse(ErrorIds.ArchiveCorrupt, new TarBuilder().Pax(("SCHILY.xattr.security.capability", [9, 0, 0, 9, .. two[4..]])).File("a", "x"));
    }

    [Fact]
    public void ACLs_are_kept_and_not_handed_down()
    {
        // Version 2; the owner, a user 5, the group, the mask, others.
        byte[] acl =
        [
            2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 2, 0, 7, 0, 5, 0, 0, 0, 4, 0, 5, 0, 255, 255, 255, 255, 16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
        ];
        Extract(new TarBuilder().Pax(("SCHILY.xattr.system.posix_acl_default", acl), ("SCHILY.xattr.system.posix_acl_access", acl)).Directory("d/", mode: 0x1f8)
            .File("d/f", "x").Directory("d/sub/").File("d/sub/f", "x").File("d/implied/f", "x").Device("d/n", '3', 1, 3));
        Assert.Equal(acl, Xattr("d", "system.posix_acl_default"));
        Assert.Equal(acl, Xattr("d", "system.posix_acl_access"));
        foreach (var node in Walk(Root, "").Skip(1))
        {
            Assert.Null(Xattr(node.Path, "system.posix_acl_access"));
            Assert.Null(Xattr(node.Path, "system.posix_acl_default"));
        }
        Assert.Equal("644", At("d/f").Octal);
        Assert.Equal("755", At("d/sub").Octal);
        Assert.Equal("755", At("d/implied").Octal);
        Assert.Equal("666", At("d/n").Octal);
    }

    [Fact]
    public void Devices_and_pipes_are_made()
    {
        var layer = Extract(new TarBuilder().Device("null", '3', 1, 3, mode: 0x1b6).Device("disk", '4', 259, 1048575, mode: 0x180).Pipe("pipe", mode: 0x1b6));
        Assert.Equal(('c', 1u, 3u, "666"), (At("null").Type, At("null").Major, At("null").Minor, At("null").Octal));
        Assert.Equal(('b', 259u, 1048575u, "600"), (At("disk").Type, At("disk").Major, At("disk").Minor, At("disk").Octal));
        Assert.Equal(('p', "666", TarBuilder.Time), (At("pipe").Type, At("pipe").Octal, At("pipe").Seconds));
        Assert.Equal(new Usage(0, 3), layer.Usage);
    }

    [Fact]
    public void Usage_counts_as_Docker_does()
    {
        var layer = Extract(new TarBuilder().Directory("d/").File("d/a", "12345").HardLink("b", "d/a").Symlink("l", "123456789").Device("n", '3', 1, 3).File(".wh.gone").File("empty"));
        Assert.Equal(new Usage(14, 6), layer.Usage);
    }

    [Fact]
    public void A_mode_does_not_depend_on_the_umask()
    {
        // What the process's umask takes away is set afterwards; the test process has one.
        Extract(new TarBuilder().File("f", "x", mode: 0x1ff).Directory("d/", mode: 0x1ff).Pipe("p", mode: 0x1ff));
        Assert.All(Walk(Root, ""), node => Assert.Equal("777", node.Octal));
    }

    [Fact]
    public void Names_are_bytes()
    {
        Extract(new TarBuilder().Add(new() { Name = [0xff, 0xfe, (byte)'x'] }).Add(new() { Name = "l"u8.ToArray(), Type = '2', Link = [0xc3, 0x28] }));
        var names = Directory.EnumerateFileSystemEntries(Root).Count();
        Assert.Equal(2, names);
    }

    [Fact]
    public void An_attribute_of_64_KiB_is_beyond_the_limit_where_it_is_lowered()
    {
        var error = Refuse(
            ErrorIds.ArchiveLimitExceeded, new TarBuilder().Pax(("SCHILY.xattr.user.x", new byte[1001])).File("a").End(), new ExtractionLimits { MaxXattrBytes = 1000 });
        Assert.Contains(nameof(ExtractionLimits.MaxXattrBytes), error.Message, StringComparison.Ordinal);
        Assert.Contains("1000", error.Message, StringComparison.Ordinal);
    }
}
