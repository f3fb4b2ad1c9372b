using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Tests.Archives;

/// <summary>
/// Extraction by somebody who may change no owner and make no device. The test's thread gives up its rights by the raw system calls, which, unlike the C library's, are for that thread alone.
/// </summary>
public sealed class OrdinaryUserTests : ExtractionTest
{
    private const uint Nobody = 65534;

    [Fact]
    public void Owners_modes_and_devices_are_recorded()
    {
        var layer = ExtractAsNobody(new TarBuilder().Directory("d/", mode: 0x140, uid: 5, gid: 6).File("d/secret", "1", mode: 0, uid: 0, gid: 42).File("suid", "2", mode: 0x9ed)
            .Device("null", '3', 1, 3).Device("sda", '4', 8, 0, mode: 0x1b0, gid: 6).Pipe("p").Symlink("l", "d", uid: 9).HardLink("h", "suid").File("implied/f", "x").File("mine", "3", uid: Nobody, gid: Nobody));
        Assert.Equal("d/ d/secret h implied/ implied/f l mine null p sda suid", Listing());
        Assert.Equal(("5:6:0500:dir", "700"), (Recorded("d"), At("d").Octal));
        Assert.Equal(("0:42:0000:file", "600"), (Recorded("d/secret"), At("d/secret").Octal));
        Assert.Equal(("0:0:4755:file", "755"), (Recorded("suid"), At("suid").Octal));
        Assert.Equal(("0:0:4755:file", At("suid").Inode), (Recorded("h"), At("h").Inode));
        Assert.Equal(("0:0:0666:char-1-3", 'f', 0L), (Recorded("null"), At("null").Type, At("null").Size));
        Assert.Equal("0:6:0660:block-8-0", Recorded("sda"));
        Assert.Equal("0:0:0644:pipe", Recorded("p"));
        Assert.Equal("0:0:0755:dir", Recorded("implied"));
        Assert.Equal("0:0:0755:dir", Recorded(""));
        Assert.Equal($"{Nobody}:{Nobody}:0644:file", Recorded("mine"));
        Assert.All(Walk(Root, ""), node => Assert.Equal((node.Path, Nobody, Nobody), (node.Path, node.Uid, node.Gid)));
        Assert.All(Walk(Root, ""), node => Assert.Equal((node.Path, TarBuilder.Time), (node.Path, node.Seconds)));
        Assert.Equal(new Usage(5, 10), layer.Usage);
    }

    [Fact]
    public void Whiteouts_are_those_of_an_ordinary_user()
    {
        var layer = ExtractAsNobody(new TarBuilder().Directory("d/", mode: 0x140).File("d/.wh.gone").Device("also", '3', 0, 0).Directory("o/").File("o/.wh..wh..opq"));
        Assert.Equal("also d/ d/gone o/", Listing());
        Assert.NotNull(Xattr("d/gone", "user.overlay.whiteout"));
        Assert.NotNull(Xattr("also", "user.overlay.whiteout"));
        Assert.Equal("y", XattrText("o", "user.overlay.opaque"));
        Assert.Equal(2, layer.Whiteouts);
    }

    [Fact]
    public void Attributes_that_only_root_may_set_are_kept_under_another_name()
    {
        byte[] capability = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        ExtractAsNobody(new TarBuilder().Pax(("SCHILY.xattr.security.capability", capability), ("SCHILY.xattr.trusted.x", "1"u8.ToArray()), ("SCHILY.xattr.user.y", "2"u8.ToArray())).File("f", "x", mode: 0x124));
        Assert.Equal(capability, Xattr("f", "user.layerstore.security.capability"));
        Assert.Equal("1", XattrText("f", "user.layerstore.trusted.x"));
        Assert.Equal("2", XattrText("f", "user.y"));
    }

    [Fact]
    public void A_directory_that_its_owner_may_not_write_is_still_filled_and_replaced()
    {
        ExtractAsNobody(new TarBuilder().Directory("./", mode: 0x140).Directory("d/", mode: 0).File("d/a", "1").Directory("d/e/", mode: 0x49).File("d/e/b", "2").File("d", "file now", mode: 0));
        Assert.Equal("d", Listing());
        Assert.Equal("0:0:0500:dir", Recorded(""));
        Assert.Equal("700", At("").Octal);
    }

    private string? Recorded(string path) => XattrText(path, OverrideStat.Name);

    private ExtractedLayer ExtractAsNobody(TarBuilder archive)
    {
        ExtractedLayer? layer = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                layer = ExtractHere(archive.End());
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return layer!;
    }

    private ExtractedLayer ExtractHere(byte[] archive)
    {
        var arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        // The base makes the directory as root; here it gets its owner before the rights go.
        return Extract(new MemoryStream(archive), WhiteoutDialect.OverlayUser, ordinaryUser: true, prepare: handle =>
        {
            Assert.Equal(0, Libc.Fchown(handle, Nobody, Nobody));
            // setresgid and setresuid.
            Assert.Equal(0, Libc.Syscall(arm ? 149 : 119, (nint)Nobody, (nint)Nobody, (nint)Nobody, 0, 0));
            Assert.Equal(0, Libc.Syscall(arm ? 147 : 117, (nint)Nobody, (nint)Nobody, (nint)Nobody, 0, 0));
        });
    }
}
