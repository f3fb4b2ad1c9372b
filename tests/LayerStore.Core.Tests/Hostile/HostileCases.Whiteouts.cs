using static LayerStore.Tests.Hostile.HostileCase;

namespace LayerStore.Tests.Hostile;

/// <summary>Deletions of what is not the layer's to delete, and overlayfs's own way to write them.</summary>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Whiteouts(string decoy) =>
    [
        .. ((string[])[".wh.", ".wh..", ".wh...", "d/.wh.", "d/.wh..", "d/.wh...", ".wh.x/y", "d/.wh.x/y/z"]).Select(path =>
            Refused($"M22 to M24 {path} deletes what has no name", ErrorIds.ArchiveUnsafePath, tar => tar.Directory("d/").File("d/keep", "1"), tar => tar.File(path))),
        Refused("M24 a directory is no whiteout", ErrorIds.ArchiveUnsafePath, tar => tar.Directory(".wh.x/")),
        Refused("M24 a hard link to a whiteout", ErrorIds.ArchiveUnsafePath, tar => tar.File(".wh.x").HardLink("a", ".wh.x")),
        Refused("M24 a hard link to an opaque mark", ErrorIds.ArchiveUnsafePath, tar => tar.Directory("d/").HardLink("a", "d/.wh..wh..opq")),
        Becomes("M25 a link is deleted and its target is not", "real/ real/f=1", tar => tar.Directory("real/").File("real/f", "1").Symlink("link", "real"), tar => tar.File(".wh.link")),
        Becomes("M25 a link to the host is deleted", "", tar => tar.LongLink("link", decoy), tar => tar.File(".wh.link")),
        Becomes("M26 through a linked directory", "etc/ localetc->etc", tar => tar.Directory("etc/").File("etc/x", "1").Symlink("localetc", "etc"), tar => tar.File("localetc/.wh.x")),
        Becomes("M26 through a link to the host", "DECOY/ l->/DECOY", tar => tar.LongLink("l", decoy), tar => tar.File("l/.wh.hello")),
        Becomes("M30 an opaque mark in a directory that is not there", "new/", tar => tar.File("new/.wh..wh..opq")),
        Becomes("M30 an opaque mark behind a link to the host", "l/", tar => tar.LongLink("l", decoy), tar => tar.File("l/.wh..wh..opq")),
        Becomes("M30 an opaque root", "b=2", tar => tar.File("a", "1"), tar => tar.File(".wh..wh..opq").File("b", "2")),
        Becomes("M31 pseudo-links of aufs", "a=data d/ d/b=data~a",
            tar => tar.Directory(".wh..wh.plnk/").File(".wh..wh.plnk/5.12", "data").HardLink("a", ".wh..wh.plnk/5.12").HardLink("d/b", ".wh..wh.plnk/5.12").File(".wh..wh.aufs", "1")),
        Refused("M31 a pseudo-link that is not there", ErrorIds.ArchiveCorrupt, tar => tar.HardLink("a", ".wh..wh.plnk/none")),
        Becomes("M32 a file and its whiteout", "f=new", tar => tar.File("f", "old"), tar => tar.File("f", "new").File(".wh.f")),
        Becomes("M32 a whiteout and its file", "f=new", tar => tar.File("f", "old"), tar => tar.File(".wh.f").File("f", "new")),
        Becomes("M32 a directory and its whiteout", "d/ d/b=2", tar => tar.Directory("d/").File("d/a", "1"), tar => tar.Directory("d/").File("d/b", "2").File(".wh.d")),
        Becomes("M33 a device 0:0 is a whiteout", "b=2", tar => tar.File("a", "1"), tar => tar.Device("a", '3', 0, 0).File("b", "2")),
        Becomes("M33 a device 0:0 behind a link to the host", "DECOY/ l->/DECOY", tar => tar.LongLink("l", decoy), tar => tar.Device("l/hello", '3', 0, 0)),
    ];

    private static IEnumerable<HostileCase> Attributes(string decoy)
    {
        foreach (var (name, value) in ((string, string)[])
        [
            ("trusted.overlay.opaque", "y"), ("trusted.overlay.opaque", "x"), ("trusted.overlay.redirect", decoy), ("trusted.overlay.redirect", "/b"), ("trusted.overlay.metacopy", ""), ("trusted.overlay.origin", "x"),
            ("trusted.overlay.whiteout", "y"), ("trusted.overlay.overlay.opaque", "y"), ("user.overlay.opaque", "y"), ("user.overlay.redirect", "/b"), ("user.overlay.whiteout", "y"),
        ])
        {
            // Every one of them would hide a/kept or a/f, or show what is in b or outside.
            yield return Becomes($"M34 {name}={value}", "a/ a/empty= a/f=own a/kept=1 b/ b/f=other",
                tar => tar.Directory("a/").File("a/kept", "1").File("a/f", "old").Directory("b/").File("b/f", "other"),
                tar => tar.Pax("SCHILY.xattr." + name, value).Directory("a/").Pax("SCHILY.xattr." + name, value).File("a/f", "own").Pax("SCHILY.xattr." + name, value).File("a/empty"));
        }
        byte[] capability = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        yield return Becomes("M35 capabilities on a file, a link and a directory", "a(755,5:0)=x[cap 20] d/ l->a", tar => tar
            .Pax(("SCHILY.xattr.security.capability", capability)).File("a", "x", mode: 0x1ed, uid: 5)
            .Pax(("SCHILY.xattr.security.capability", capability)).Symlink("l", "a").Pax(("SCHILY.xattr.security.capability", capability)).Directory("d/"));
        yield return Refused("M35 a short capability", ErrorIds.ArchiveCorrupt, tar => tar.Pax(("SCHILY.xattr.security.capability", capability[..19])).File("a", "x"));
        yield return Refused("M35 a capability of a future kernel", ErrorIds.ArchiveCorrupt, tar => tar.Pax(("SCHILY.xattr.security.capability", [9, 0, 0, 9, .. capability[4..]])).File("a", "x"));
        yield return Becomes("M36 devices are the image's own and nobody opens them", "disk|b8:0 fifo| mem|c1:1", tar => tar.Device("disk", '4', 8, 0).Device("mem", '3', 1, 1).Pipe("fifo", mode: 0x1b6));
        yield return Refused("M36 a socket is no entry", ErrorIds.ArchiveEntryUnsupported, tar => tar.Add(new() { Name = "s"u8.ToArray(), Type = 's' }));
        yield return Refused("M36 a device number that Linux has not", ErrorIds.ArchiveEntryUnsupported, tar => tar.Device("d", '4', 4096, 0));
        yield return Becomes("M37 special bits and large owners", "big(644,4294967294:3000000000)=x su(6755,0:0)=x", tar => tar.File("su", "x", mode: 0xded).File("big", "x", uid: 4294967294, gid: 3_000_000_000));
        yield return Refused("M37 an owner that is none", ErrorIds.ArchiveEntryUnsupported, tar => tar.File("a", "x", uid: 4294967295));
    }
}
