using System.Text;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>Drivers in the hands of somebody who is not root.</summary>
public sealed class PrivilegeTests : IDisposable
{
    private const uint Nobody = 65534;

    private readonly TestDirectory _place = new("/dev/shm");

    public void Dispose() => _place.Dispose();

    [Fact]
    public unsafe void An_ordinary_user_s_vfs_keeps_owners_modes_and_devices_in_an_attribute()
    {
        var home = _place.Make("home");
        fixed (byte* path = FileName.Terminated(home))
            Assert.Equal(0, Libc.FchownAt(Libc.AT_FDCWD, path, Nobody, Nobody, 0));
        var lines = Run(
            ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"], "vfs", home,
            new LayerContent().Directory("dir", mode: 0x16d, uid: 3, gid: 4).File("dir/file", "x", mode: 0x9a0, uid: 5, gid: 6).File("deleted", "x", uid: 5)
                .Directory("made-again").File("made-again/old", "x").CharacterDevice("null", 1, 3).Directory("locked", mode: 0).File("locked/in", "x", mode: 0),
            new LayerContent().File("dir/more", "x").Hardlink("link", "dir/file").Whiteout("made-again/nothing").File("locked/too", "y"));

        Assert.Contains(lines, line => IsOverridden(line, "/dir ", "3:4:0555:dir"));
        Assert.Contains(lines, line => IsOverridden(line, "/dir/file ", "5:6:4640:file"));
        Assert.Contains(lines, line => IsOverridden(line, "/link ", "5:6:4640:file") && line.Contains("same as /dir/file", StringComparison.Ordinal));
        Assert.Contains(lines, line => IsOverridden(line, "/null ", "0:0:0666:char-1-3"));
        Assert.Contains(lines, line => IsOverridden(line, "/locked ", "0:0:0000:dir"));
        Assert.Contains(lines, line => line.StartsWith("tree: /locked/too ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("unchanged", StringComparison.Ordinal) || line.StartsWith("left", StringComparison.Ordinal));
        AssertChanges(lines);
    }

    [Fact]
    public void Overlay2_works_for_the_root_of_a_user_namespace()
    {
        var lines = Run(
            ["unshare", "--user", "--map-root-user", "--mount"], "overlay2", _place.Make("home"),
            new LayerContent().Directory("dir").File("dir/file", "x").File("dir/gone", "x").File("deleted", "x").Directory("made-again").File("made-again/old", "x")
                .Directory("opaque").File("opaque/old", "x"),
            new LayerContent().File("dir/more", "x").Whiteout("dir/gone").Directory("opaque").Opaque("opaque").File("opaque/new", "x").Hardlink("link", "dir/file"));
        Assert.Equal(
            ["deleted", "dir", "dir/file", "dir/more", "link", "made-again", "made-again/old", "opaque", "opaque/new"],
            lines.Where(line => line.StartsWith("tree: /", StringComparison.Ordinal)).Select(line => line["tree: /".Length..].Split(' ')[0]).Where(name => name.Length > 0));
        Assert.DoesNotContain(lines, line => line.StartsWith("unchanged", StringComparison.Ordinal) || line.StartsWith("left", StringComparison.Ordinal));
        AssertChanges(lines);
    }

    [Fact]
    public unsafe void An_ordinary_user_gets_vfs_because_overlay2_says_what_it_lacks()
    {
        var home = _place.Make("home");
        fixed (byte* path = FileName.Terminated(home))
            Assert.Equal(0, Libc.FchownAt(Libc.AT_FDCWD, path, Nobody, Nobody, 0));
        var lines = Start(["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"], "probe", home, "overlay2");
        Assert.Contains("overlay2: overlay", lines[0], StringComparison.Ordinal);
        Assert.Contains("Run as root", lines[0], StringComparison.Ordinal);
        Assert.Equal("chosen: vfs", lines[1]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
    }

    private static void AssertChanges(IReadOnlyList<string> lines)
    {
        Assert.Equal(
            ["D /deleted", "C /made-again", "D /made-again/old", "A /written"],
            lines.Where(line => line.StartsWith("changes: ", StringComparison.Ordinal)).Select(line => line["changes: ".Length..]).Order(Comparer<string>.Create((a, b) => string.CompareOrdinal(a[2..], b[2..]))));
        Assert.Contains("bytes: 5", lines);
        Assert.DoesNotContain("listing: deleted", lines);
        Assert.DoesNotContain("listing: made-again/old", lines);
    }

    private static bool IsOverridden(string line, string path, string value) =>
        line.StartsWith("tree: " + path, StringComparison.Ordinal)
        && line.Contains($"user.containers.override_stat={Convert.ToHexStringLower(Encoding.ASCII.GetBytes(value))}", StringComparison.Ordinal);

    private string[] Run(string[] prefix, string driver, string home, params LayerContent[] layers)
    {
        var archives = layers.Select((layer, i) =>
        {
            var path = Path.Combine(_place.Path, $"layer{i}.tar");
            File.WriteAllBytes(path, layer.ToTar());
            return path;
        });
        return Start(prefix, "driver", driver, [home, .. archives]);
    }

    private static string[] Start(string[] prefix, string command, string first, params string[] rest) =>
        Command.Run(prefix[0], [.. prefix[1..], Environment.ProcessPath!, "exec", typeof(PrivilegeTests).Assembly.Location, command, first, .. rest])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
