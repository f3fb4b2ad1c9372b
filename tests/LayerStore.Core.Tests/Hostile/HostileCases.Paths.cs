using LayerStore.Archives;
using static LayerStore.Tests.Hostile.HostileCase;

namespace LayerStore.Tests.Hostile;

/// <summary>Names that leave the layer, and names that are none.</summary>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Paths(string decoy) =>
    [
        Refused("M01 beside the layer", ErrorIds.ArchiveUnsafePath, tar => tar.File("../victim/x", "evil")),
        Refused("M01 far above the layer", ErrorIds.ArchiveUnsafePath, tar => tar.LongFile(Up(decoy) + "/hello", "evil")),
        Refused("M01 the parent itself", ErrorIds.ArchiveUnsafePath, tar => tar.Directory("a/").Directory("..")),
        Refused("M01 beside, after a dot", ErrorIds.ArchiveUnsafePath, tar => tar.File("./../layer1-evil/x", "evil")),
        Refused("M02 above an absolute path", ErrorIds.ArchiveUnsafePath, tar => tar.File("/../victim/x", "evil")),
        Refused("M03 down and up again", ErrorIds.ArchiveUnsafePath, tar => tar.Directory("a/").File("a/../../x", "evil")),
        Refused("M03 further up than down", ErrorIds.ArchiveUnsafePath, tar => tar.File("a/b/../../../etc/passwd", "evil")),
        Becomes("M03 down and up to where it was", "b/ b/c=x", tar => tar.File("a/../b//./c", "x")),
        Becomes("M04 an absolute path is one of the layer", "etc/ etc/passwd=inside", tar => tar.File("/etc/passwd", "inside")),
        Becomes("M04 the decoy's own path", "DECOY/ DECOY/hello=inside", tar => tar.LongFile(decoy + "/hello", "inside")),
        Refused("M16 a link without a name", ErrorIds.ArchiveUnsafePath, tar => tar.Symlink("", "/etc")),
        Refused("M16 a link to nothing", ErrorIds.ArchiveUnsafePath, tar => tar.Symlink("x", "")),
        Refused("M16 a link to nothing, said by a record", ErrorIds.ArchiveUnsafePath, tar => tar.Pax("linkpath", "").Symlink("x", "")),
        Refused("M16 a hard link to nothing", ErrorIds.ArchiveUnsafePath, tar => tar.HardLink("x", "")),
        Refused("M16 a link in the place of the root", ErrorIds.ArchiveUnsafePath, tar => tar.LongLink("./", decoy).File("hello", "evil")),
        Refused("M16 another link in the place of the root", ErrorIds.ArchiveUnsafePath, tar => tar.Symlink("/.", "/etc")),
        Refused("M16 a file in the place of the root", ErrorIds.ArchiveUnsafePath, tar => tar.File("./", "x")),
        Becomes("M18 slashes behind names", "f=x l->t v7/", tar => tar.Symlink("l/", "t").File("f/", "x").Add(new() { Name = "v7/"u8.ToArray(), Type = '\0', Magic = "", Mode = 0x1ed })),
        Refused("M18 below a file", ErrorIds.ArchiveUnsafePath, tar => tar.File("a", "x").File("a/b", "y")),
        Becomes("M18 below a file of the layer below", "a/ a/b=y", tar => tar.File("a", "x"), tar => tar.File("a/b", "y")),
        Becomes("M42 a name of 255 bytes", new string('n', 255) + "=ok", tar => tar.LongFile(new string('n', 255), "ok")),
        Refused("M42 a name of 256 bytes", ErrorIds.ArchiveUnsafePath, tar => tar.LongFile(new string('n', 256), "no")),
        Refused("M42 a path of 4097 bytes", ErrorIds.ArchiveLimitExceeded, tar => tar.LongFile(string.Concat(Enumerable.Repeat(new string('d', 199) + "/", 20)) + new string('f', 97), "no")),
        Refused("M42 a hundred thousand directories in each other", ErrorIds.ArchiveLimitExceeded, tar => tar.Pax("path", string.Join('/', Enumerable.Repeat("d", 100_000))).File("x")),
        Refused("M42 more entries than allowed", ErrorIds.ArchiveLimitExceeded, tar => Enumerable.Range(0, 1001).Aggregate(tar, (all, number) => all.File($"f{number}")))
            with { Limits = new ExtractionLimits { MaxEntries = 1000 } },
        Becomes("M48 twins by case and by Unicode form", "A=1 a=2 e\u0301=4 \u00e9=3", tar => tar.File("A", "1").File("a", "2").File("\u00e9", "3").File("e\u0301", "4")),
        Refused("M50 a name that a terminal would obey, and that leaves", ErrorIds.ArchiveUnsafePath, tar => tar.File("\u001b[31m\n/../../x", "1")),
        Becomes("M50 a name that a terminal would obey", "\\u001b]0;x\\u0007\\u000a\\u202e=x con=y", tar => tar.File("\u001b]0;x\u0007\n\u202e", "x").File("con", "y")),
    ];
}
