using LayerStore.Tests.Archives;
using LayerStore.Tests.Export;

namespace LayerStore.Tests.Fuzzing;

/// <summary>Layers of few names and all kinds of entries, so that they meet: links in the place of directories, whiteouts of what comes again, paths that lead out.</summary>
internal static class RandomLayer
{
    private static readonly string[] s_names = ["a", "b", "d", "l", "up", "etc", "passwd", ".wh.a", ".wh.d", ".wh.l", ".wh..wh..opq", ".wh..wh.plnk", "..", ".", "new", "\u00e9"];

    private static readonly (string Name, string Value)[] s_attributes =
    [
        ("SCHILY.xattr.user.k", "v"), ("SCHILY.xattr.trusted.overlay.opaque", "y"), ("SCHILY.xattr.trusted.overlay.redirect", "/etc"), ("SCHILY.xattr.trusted.overlay.metacopy", ""), ("SCHILY.xattr.user.overlay.whiteout", "y"),
        ("SCHILY.xattr.security.capability", "\u0001"), ("SCHILY.xattr.system.posix_acl_access", "\u0002"), ("SCHILY.xattr.system.posix_acl_default", "x"), ("SCHILY.xattr.user.", "x"), ("SCHILY.xattr.nothing", "x"),
        ("SCHILY.xattr.security.selinux", "x"), ("SCHILY.xattr.trusted.", ""), ("SCHILY.xattr.security.ima", "1"), ("mtime", "1700000000.5"), ("mtime", "-1.25"), ("mtime", "99999999999"), ("atime", "1"), ("uid", "5"), ("gid", "70000"), ("size", "3"),
        ("path", "d/pax"), ("path", "../x"), ("linkpath", "/etc/passwd"), ("GNU.sparse.size", "10"), ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "700"), ("GNU.sparse.map", "0,1,5,2"),
        ("comment", "x"),
    ];

    /// <summary>An archive; one of three is damaged.</summary>
    public static byte[] Make(Random random)
    {
        var archive = random.Next(4) == 0 ? new RandomArchive(random.Next()).Make(random.Next(2) == 0) : Build(random);
        return random.Next(3) == 0 ? Mutator.Tar(random, archive) : archive;
    }

    private static byte[] Build(Random random)
    {
        var tar = new TarBuilder();
        for (var entries = random.Next(1, 12); entries > 0; entries--)
        {
            if (random.Next(4) == 0)
                tar.Pax([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => s_attributes[random.Next(s_attributes.Length)]).DistinctBy(record => record.Name).Select(record => (record.Name, TarBuilder.Text(record.Value)))]);
            if (random.Next(12) == 0)
                tar.GnuLong(random.Next(2) == 0 ? 'L' : 'K', Name(random));
            var mode = random.Next(5) == 0 ? (uint)random.Next(0x1000) : 0x1ed;
            switch (random.Next(12))
            {
                case 0 or 1 or 2: tar.File(Name(random), new byte[random.Next(3) * random.Next(600)], mode, uid: random.Next(3)); break;
                case 3 or 4: tar.Directory(Name(random) + "/", mode, gid: random.Next(3)); break;
                case 5 or 6: tar.Symlink(Name(random), random.Next(3) == 0 ? "/" + Name(random) : random.Next(2) == 0 ? "../../../" + Name(random) : Name(random)); break;
                case 7 or 8: tar.HardLink(Name(random), Name(random)); break;
                case 9: tar.Device(Name(random), random.Next(2) == 0 ? '3' : '4', (uint)random.Next(2), (uint)random.Next(3)); break;
                case 10: tar.Pipe(Name(random)); break;
                default: tar.File(Name(random)); break;
            }
        }
        return [.. tar.End(), .. new byte[random.Next(3) * random.Next(700)]];
    }

    private static string Name(Random random)
    {
        var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => s_names[random.Next(s_names.Length)]);
        return (random.Next(8) == 0 ? "/" : random.Next(8) == 0 ? "./" : "") + string.Join('/', parts);
    }
}
