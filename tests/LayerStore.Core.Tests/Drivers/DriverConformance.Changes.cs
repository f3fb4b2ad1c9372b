using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

public abstract partial class DriverConformance
{
    [FileSystemFact] // Changes
    public void Changes_name_what_was_added_modified_and_deleted_and_nothing_else()
    {
        var image = Play.Image([], layer => layer.Directory("etc").File("etc/passwd", "x").File("etc/group", "x").File("etc/kept", "x")
            .Directory("home").Directory("home/user").File("home/user/file", "x").Directory("usr").File("usr/untouched", "x"));
        var (container, mount) = Play.Run(image);
        Assert.Empty(Play.Changes(container, image));
        using (mount)
        {
            mount.Write("etc/passwd", "changed");
            File.Delete(mount.At("etc/group"));
            Directory.Delete(mount.At("home/user"), recursive: true);
            Directory.CreateDirectory(mount.At("new/deep"));
            mount.Write("new/deep/file", "x");
            _ = mount.Read("usr/untouched");
            Assert.Equal(
                ["C /etc", "D /etc/group", "C /etc/passwd", "C /home", "D /home/user", "A /new", "A /new/deep", "A /new/deep/file"],
                Play.Changes(container, image));
        }
        Assert.Equal(8, Play.Changes(container, image).Count);
    }

    [FileSystemFact]
    public void A_file_that_became_a_directory_is_one_change_and_the_reverse_too()
    {
        var image = Play.Image([], layer => layer.File("file", "x").Directory("dir").File("dir/x", "x").Symlink("link", "file"));
        var (container, mount) = Play.Run(image);
        using (mount)
        {
            File.Delete(mount.At("file"));
            Directory.CreateDirectory(mount.At("file"));
            mount.Write("file/inside", "x");
            Directory.Delete(mount.At("dir"), recursive: true);
            mount.Write("dir", "x");
            File.Delete(mount.At("link"));
            File.CreateSymbolicLink(mount.At("link"), "elsewhere");
        }
        Assert.Equal(["C /dir", "C /file", "A /file/inside", "C /link"], Play.Changes(container, image));
    }

    [FileSystemFact]
    public void What_a_directory_lost_when_it_was_made_again_is_deleted()
    {
        var image = Play.Image([], layer => layer.Directory("dir").File("dir/a", "1").File("dir/b", "1").Directory("dir/sub").File("dir/sub/c", "1"));
        var (container, mount) = Play.Run(image);
        using (mount)
        {
            Directory.Delete(mount.At("dir"), recursive: true);
            Directory.CreateDirectory(mount.At("dir"));
            mount.Write("dir/b", "22");
        }
        Assert.Equal(["C /dir", "D /dir/a", "C /dir/b", "D /dir/sub"], Play.Changes(container, image));
        Assert.Equal(2, Driver.Measure(container, [image]).Bytes);
    }

    [FileSystemFact]
    public void Names_that_are_no_text_are_kept_as_bytes()
    {
        var (container, mount) = Play.Run();
        byte[] name = [0xff, (byte)'x', 0x0a];
        using (mount)
            Make(mount.Root, name);
        var change = Assert.Single(Driver.Changes(container, []));
        Assert.Equal(name, change.RawPath);
        Assert.Equal(ChangeKind.Added, change.Kind);
        Driver.Remove(container);
        Assert.Empty(Driver.Enumerate());
    }

    [FileSystemFact] // Echo
    public void A_directory_that_the_parent_deleted_and_the_layer_made_again_is_added_at_every_depth()
    {
        const int Depths = 10;
        string[] paths = [.. Enumerable.Range(1, Depths - 1).Select(i => string.Join('/', Enumerable.Range(1, i).Select(j => $"subdir{j}")))];
        paths = [.. paths, paths[^1] + "/file"];
        var tree = Play.Image([], layer => Write(layer, paths, 0));
        for (var depth = 0; depth < Depths; depth++)
        {
            var at = depth;

            // The middle layer, once as a container says it and once as an image's layer is stored.
            var (deleting, mount) = Play.Run(tree);
            using (mount)
            {
                if (at == Depths - 1)
                    File.Delete(mount.At(paths[at]));
                else
                    Directory.Delete(mount.At(paths[at]), recursive: true);
            }
            Assert.Equal([.. paths[..at].Select(path => "C /" + path), "D /" + paths[at]], Play.Changes(deleting, tree));
            var middle = Play.Image([tree], layer =>
            {
                foreach (var path in paths[..at])
                    layer.Directory(path, 0x1C0);
                layer.Whiteout(paths[at]);
            });

            var (again, top) = Play.Run(middle, tree);
            using (top)
            {
                for (var i = at; i < Depths - 1; i++)
                    Directory.CreateDirectory(top.At(paths[i]));
                top.Write(paths[^1], "again");
                Assert.Equal(paths, Listing(top.Root));
            }
            Assert.Equal([.. paths[..at].Select(path => "C /" + path), .. paths[at..].Select(path => "A /" + path)], Play.Changes(again, middle, tree));
        }
    }

    private static void Write(StagedLayer layer, string[] paths, int from)
    {
        foreach (var path in paths[from..^1])
            layer.Directory(path, 0x1C0);
        layer.File(paths[^1], "content");
    }

    [FileSystemFact] // CreateFromTemplate
    public void Changes_of_a_container_made_on_another_s_committed_changes_start_from_those()
    {
        var image = Play.Image([], layer => layer.File("a", "1").File("b", "1"));
        var upper = Play.Image([image], layer => layer.File("a", "22").Whiteout("b").File("c", "22"));
        var (container, mount) = Play.Run(upper, image);
        using (mount)
        {
            mount.Write("b", "back");
            File.Delete(mount.At("c"));
        }
        Assert.Equal(["A /b", "D /c"], Play.Changes(container, upper, image));
        Assert.Equal(4, Driver.Measure(container, [upper, image]).Bytes);
    }

    [FileSystemFact]
    public void A_walk_can_be_cancelled()
    {
        var (container, mount) = Play.Run();
        using (mount)
            mount.Write("x", "");
        var cancelled = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => Driver.Measure(container, [], cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => Driver.Changes(container, [], cancelled));
    }

    private static unsafe void Make(string directory, byte[] name)
    {
        using var handle = DirectoryHandle.Open(directory);
        fixed (byte* path = FileName.Terminated(name))
            Assert.Equal(0, Libc.MknodAt(handle.Descriptor(), path, Libc.S_IFREG | 0x1A4, 0));
    }
}
