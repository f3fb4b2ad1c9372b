using System.Text.Json.Nodes;
using static LayerStore.Tests.Hostile.HostileCase;

namespace LayerStore.Tests.Hostile;

/// <summary>Symbolic and hard links that lead out: within one layer, and from one layer to the next.</summary>
internal static partial class HostileCases
{
    private static IEnumerable<HostileCase> Links(string decoy) =>
    [
        Becomes("M05 through an absolute link", "DECOY/ DECOY/unbroken=x l->/DECOY", tar => tar.LongLink("l", decoy).File("l/unbroken", "x")),
        Becomes("M05 over a file behind an absolute link", "DECOY/ DECOY/hello=x l->/DECOY", tar => tar.LongLink("l", decoy).File("l/hello", "x")),
        Becomes("M05 through a link of the layer below", "DECOY/ DECOY/hello=x l->/DECOY", tar => tar.LongLink("l", decoy), tar => tar.File("l/hello", "x")),
        Becomes("M05 through a link of the layer below that climbs", "DECOY/ DECOY/hello=x l->" + Up("DECOY"), tar => tar.LongLink("l", Up(decoy)), tar => tar.File("l/hello", "x")),
        Becomes("M05 through a link that goes round by /proc", "l->/proc/self/root/DECOY proc/ proc/self/ proc/self/root/ proc/self/root/DECOY/ proc/self/root/DECOY/hello=x",
            tar => tar.Symlink("l", "/proc/self/root/DECOY"), tar => tar.File("l/hello", "x")),
        Becomes("M07 a chain of absolute links", "DECOY/ DECOY/hello=x a->/b b->/DECOY", tar => tar.LongLink("b", decoy).Symlink("a", "/b").File("a/hello", "x")),
        Becomes("M08 a chain of relative links", "DECOY/ DECOY/hello=x b->" + Up("DECOY") + " d/ d/a->../b", tar => tar.LongLink("b", Up(decoy)).Symlink("d/a", "../b").File("d/a/hello", "x")),
        Refused("M08 links in a circle", ErrorIds.ArchiveUnsafePath, tar => tar.Symlink("a", "b").Symlink("b", "a").File("a/x", "1")),
        Becomes("M09 an empty file over a link", "f=", tar => tar.LongLink("f", decoy + "/hello").File("f", "")),
        Becomes("M09 an empty file over a link of the layer below", "f=", tar => tar.LongLink("f", decoy + "/hello"), tar => tar.File("f", "")),
        Becomes("M19 a link over a directory", "DECOY/ DECOY/passwd=inside d->/DECOY", tar => tar.Directory("d/").File("d/a", "1").LongLink("d", decoy).File("d/passwd", "inside")),
        Becomes("M19 a climbing link over a directory", "DECOY/ DECOY/passwd=inside d->" + Up("DECOY"),
            tar => tar.Directory("d/").File("d/sub/b", "2").LongLink("d", Up(decoy)).File("d/passwd", "inside")),
        Becomes("M19 a link over a directory of the layer below, and through it in the next", "DECOY/ DECOY/hello=3 d->/DECOY",
            tar => tar.Directory("d/").File("d/hello", "1"), tar => tar.LongLink("d", decoy), tar => tar.File("d/hello", "3")),
        Becomes("M20 a directory over a link", "l/ l/hello=mine", tar => tar.LongLink("l", decoy).Directory("l/").File("l/hello", "mine")),
        Becomes("M20 a directory over a link of the layer below", "l/ l/hello=mine", tar => tar.LongLink("l", decoy), tar => tar.Directory("l/").File("l/hello", "mine")),
        Becomes("M20 a directory over a link with another name", "h=new l/ l/hello=mine",
            tar => tar.LongLink("l", decoy).HardLink("h", "l").Directory("l/").File("l/hello", "mine").File("h", "new")),
        Becomes("M53 the list of users is a link to the host's", "etc/ etc/group->/dev/zero etc/passwd->" + Up("DECOY/passwd"),
            tar => tar.Directory("etc/").LongLink("etc/passwd", Up(decoy) + "/passwd").Symlink("etc/group", "/dev/zero"))
            with { ChangeConfig = config => config["config"]!["User"] = "somebody:anybody" },
        Becomes("M54 a volume's place is a link to the host", "vol->/DECOY", tar => tar.LongLink("vol", decoy))
            with { ChangeConfig = config => config["config"]!["Volumes"] = new JsonObject { ["/vol/new"] = new JsonObject(), ["/../../x"] = new JsonObject() } },
    ];

    private static IEnumerable<HostileCase> HardLinks(string decoy) =>
    [
        Becomes("M10 through a linked directory", "breakouts/ breakouts/d1->../../etc etc/ etc/passwd=inside mypasswd=inside~etc/passwd",
            tar => tar.File("etc/passwd", "inside").Directory("breakouts/").Symlink("breakouts/d1", "../../etc").HardLink("mypasswd", "breakouts/d1/passwd")),
        Becomes("M12 an absolute target is one of the layer", "a=inside etc/ etc/passwd=inside~a", tar => tar.File("etc/passwd", "inside").HardLink("a", "/etc/passwd")),
        Refused("M12 an absolute target outside", ErrorIds.ArchiveCorrupt, tar => tar.LongHardLink("a", decoy + "/passwd")),
        Refused("M12 a target far above", ErrorIds.ArchiveUnsafePath, tar => tar.LongHardLink("a", Up(decoy) + "/passwd")),
        Refused("M12 a target above, through a directory", ErrorIds.ArchiveUnsafePath, tar => tar.Directory("a/").HardLink("x", "a/../../victim/hello")),
        Refused("M12 through an absolute link of the layer below", ErrorIds.ArchiveCorrupt, tar => tar.LongLink("l", decoy), tar => tar.HardLink("h", "l/hello")),
        Refused("M12 through a climbing link of the layer below", ErrorIds.ArchiveCorrupt, tar => tar.LongLink("l", Up(decoy)), tar => tar.HardLink("h", "l/hello")),
        Refused("M13 a target beside the layer", ErrorIds.ArchiveUnsafePath, tar => tar.HardLink("x", "../victim/hello")),
        Refused("M13 a target beside, by an absolute path", ErrorIds.ArchiveUnsafePath, tar => tar.HardLink("x", "/../victim/hello")),
        Becomes("M14 writing and changing the mode through a hard link to a link", "h(777,0:0)=new l->/DECOY/hello",
            tar => tar.LongLink("l", decoy + "/hello").HardLink("h", "l", mode: 0xfff).File("h", "new", mode: 0x1ff)),
        Becomes("M14 the same with a link of the layer below", "h->/DECOY/hello l->/DECOY/hello~h", tar => tar.LongLink("l", decoy + "/hello"), tar => tar.HardLink("h", "l", mode: 0xfff)),
        Becomes("M14 a hard link has no mode of its own", "a(600,0:0)=x b(600,0:0)=x~a", tar => tar.File("a", "x", mode: 0x180), tar => tar.HardLink("b", "a", mode: 0xfff)),
        Refused("M14 a hard link to itself", ErrorIds.ArchiveCorrupt, tar => tar.File("a", "x").HardLink("a", "./a")),
        Refused("M14 a hard link to a directory", ErrorIds.ArchiveCorrupt, tar => tar.Directory("d/").HardLink("a", "d")),
        Refused("M14 a hard link to a directory of the layer below", ErrorIds.ArchiveCorrupt, tar => tar.Directory("d/"), tar => tar.HardLink("a", "d")),
        Refused("M14 a hard link to the root", ErrorIds.ArchiveCorrupt, tar => tar.HardLink("a", "/")),
    ];
}
