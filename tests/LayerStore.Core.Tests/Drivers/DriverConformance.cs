using System.Runtime.InteropServices;
using LayerStore.Drivers;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Drivers;

/// <summary>
/// What every driver must do, on every file system that it works on. The names in brackets are those of containerd's snapshot suite, moby's graphtest and
/// containers/storage, whose cases these are in our contract's terms.
/// </summary>
public abstract partial class DriverConformance : IDisposable
{
    private readonly string _driver;
    private readonly FileSystemFixture _fileSystem;

    protected DriverConformance(string driver, FileSystemFixture fileSystem)
    {
        _driver = driver;
        _fileSystem = fileSystem;
        Kind = fileSystem.Kind;
        Play = new DriverPlayground(driver, fileSystem.Path, fileSystem.NewOptions());
    }

    internal DriverPlayground Play { get; }

    protected FileSystemKind Kind { get; }

    protected IStorageDriver Driver => Play.Driver;

    private bool IsOverlay => _driver == "overlay2";

    public void Dispose()
    {
        try
        {
            Play.Dispose();
        }
        finally
        {
            _fileSystem.Clean(Play.Home);
        }
        GC.SuppressFinalize(this);
    }

    [FileSystemFact] // Basic, Transitivity, CreateSnap
    public void A_container_sees_every_layer_of_its_chain_and_the_uppermost_wins()
    {
        var one = Play.Image([], layer => layer.File("a", "1").File("b", "1").File("c", "1"));
        var two = Play.Image([one], layer => layer.File("b", "2").File("c", "2"));
        var three = Play.Image([two, one], layer => layer.File("c", "3"));
        var (_, mount) = Play.Run(three, two, one);
        using (mount)
            Assert.Equal("123", mount.Read("a") + mount.Read("b") + mount.Read("c"));
    }

    [FileSystemFact] // Basic
    public void Containers_of_one_image_do_not_see_each_other_and_the_image_stays_as_it_was()
    {
        var image = Play.Image([], layer => layer.File("file", "image").Directory("sub").File("sub/x", "x"));
        var (first, mount1) = Play.Run(image);
        var (second, mount2) = Play.Run(image);
        using (mount1)
        using (mount2)
        {
            mount1.Write("file", "first");
            File.Delete(mount2.At("sub/x"));
            Assert.Equal("image", mount2.Read("file"));
            Assert.Equal("x", mount1.Read("sub/x"));
        }
        Assert.Equal(5, Driver.Measure(first, [image]).Bytes);
        Assert.Equal(0, Driver.Measure(second, [image]).Bytes);
        using var third = Play.Run(image).Mount;
        Assert.Equal("imagex", third.Read("file") + third.Read("sub/x"));
    }

    [FileSystemFact] // CreateEmpty, RootPermission
    public void A_new_layer_is_an_empty_directory_that_all_may_read()
    {
        using var mount = Play.Run().Mount;
        Assert.Equal(["/ 40755 0:0 [] "], TreeFingerprint.Of(mount.Root, times: false));
    }

    [FileSystemFact] // CreateBase, DirectoryPermissionOnCommit
    public void Modes_owners_and_special_bits_are_kept()
    {
        var image = Play.Image([], layer => layer
            .Directory("suid").Owner("suid", 1, 2).Mode("suid", 0x9ED)
            .Directory("sticky", 0x3FF)
            .File("file", "x").Owner("file", 3, 4).Mode("file", 0x9A0)
            .Device("null", Libc.S_IFCHR, 1, 3).Device("disk", Libc.S_IFBLK, 8, 1).Device("pipe", Libc.S_IFIFO, 0, 0).Device("socket", Libc.S_IFSOCK, 0, 0)
            .Symlink("link", "nowhere").Owner("link", 5, 6));
        using var mount = Play.Run(image).Mount;
        Assert.Equal(
            [
                "/ 40755 0:0 [] ", "/disk 60644 0:0 [] 8:1", "/file 104640 3:4 [] 1 2d711642b726b044", "/link 120777 5:6 [] -> nowhere", "/null 20644 0:0 [] 1:3",
                "/pipe 10644 0:0 [] ", "/socket 140644 0:0 [] ", "/sticky 41777 0:0 [] ", "/suid 44755 1:2 [] ",
            ],
            TreeFingerprint.Of(mount.Root, times: false));
    }

    [FileSystemFact]
    public void The_root_of_a_container_is_like_the_root_of_its_image()
    {
        var image = Play.Image([], layer => layer.Owner("", 7, 8).Mode("", 0x1C9));
        var upper = Play.Image([image], layer => layer.File("x", ""));
        using var mount = Play.Run(upper, image).Mount;
        Assert.StartsWith("/ 40711 7:8", TreeFingerprint.Of(mount.Root, times: false)[0], StringComparison.Ordinal);
    }

    [FileSystemFact]
    public void Extended_attributes_times_holes_and_hard_links_are_kept()
    {
        var capability = Convert.FromHexString("0100000202000000000000000000000000000000");
        var image = Play.Image([], layer =>
        {
            layer.File("caps", "x").Attribute("caps", "security.capability", capability).Attribute("caps", "user.binary", [0, 255, 128, 254, 1])
                .Directory("dir").Attribute("dir", "user.dir", "value"u8.ToArray()).Attribute("dir", "trusted.dir", "t"u8.ToArray())
                .File("one", "linked").Link("two", "one").Link("dir/three", "one")
                .File("sparse", "");
            using var sparse = File.OpenWrite(Path.Combine(layer.Root, "sparse"));
            sparse.SetLength(64 << 20);
            sparse.Seek(32 << 20, SeekOrigin.Begin);
            sparse.Write(new byte[] { 1, 2, 3 });
            sparse.Dispose();
            File.SetLastWriteTimeUtc(Path.Combine(layer.Root, "one"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1234567));
            Directory.SetLastWriteTimeUtc(Path.Combine(layer.Root, "dir"), new DateTime(1999, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(1));
        });
        using var mount = Play.Run(image).Mount;
        var lines = TreeFingerprint.Of(mount.Root);
        Assert.Contains(lines, line => line.Contains("/caps", StringComparison.Ordinal)
            && line.Contains("security.capability=0100000202000000000000000000000000000000 user.binary=00ff80fe01", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("/dir 40755 0:0 @915148800.000000100 [trusted.dir=74 user.dir=76616c7565]", StringComparison.Ordinal));
        Assert.Equal(3, lines.Count(line => line.Contains("@981173106.123456700", StringComparison.Ordinal) && line.Contains("same as /dir/three", StringComparison.Ordinal)));
        using var handle = DirectoryHandle.Open(mount.Root);
        Assert.True(new TreeDirectory(handle).TryStat("sparse"u8, out var data));
        Assert.Equal(64UL << 20, data.Size);
        Assert.True(data.Blocks * 512 < 1 << 20, $"{data.Blocks * 512} bytes are allocated");
    }

    [FileSystemFact] // LayerFileupdate
    public void A_file_that_was_overwritten_keeps_its_new_content_and_only_that()
    {
        var image = Play.Image([], layer => layer.File("file", "a long content of the image"));
        var (container, mount) = Play.Run(image);
        using (mount)
            mount.Write("file", "short");
        using var again = Play.Mount(container, [image]);
        Assert.Equal("short", again.Read("file"));
        Assert.Equal(5, Driver.Measure(container, [image]).Bytes);
    }

    [FileSystemFact] // RemoveDirectoryInLowerLayer, DeletedFilesInChildSnapshot
    public void A_directory_that_was_removed_and_made_again_has_none_of_its_old_files()
    {
        var image = Play.Image([], layer => layer.Directory("dir").File("dir/old", "x").File("gone", "x"));
        var (container, mount) = Play.Run(image);
        using (mount)
        {
            Directory.Delete(mount.At("dir"), recursive: true);
            Directory.CreateDirectory(mount.At("dir"));
            File.Delete(mount.At("gone"));
        }
        using var again = Play.Mount(container, [image]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(again.At("dir")));
        Assert.False(File.Exists(again.At("gone")));
    }

    [FileSystemFact] // DeletedFilesInChildSnapshot
    public void A_layer_hides_what_it_deletes_and_what_an_opaque_directory_covers()
    {
        var one = Play.Image([], layer => layer.File("file", "1").Directory("dir").File("dir/old", "1").Directory("kept").File("kept/old", "1"));
        var two = Play.Image([one], layer => layer.Whiteout("file").Directory("dir").Opaque("dir").File("dir/new", "2").Directory("kept").File("kept/new", "2"));
        var three = Play.Image([two, one], layer => layer.Whiteout("kept"));
        using (var mount = Play.Run(two, one).Mount)
            Assert.Equal(["dir", "dir/new", "kept", "kept/new", "kept/old"], Listing(mount.Root));
        using (var mount = Play.Run(three, two, one).Mount)
            Assert.Equal(["dir", "dir/new"], Listing(mount.Root));
    }

    [FileSystemFact] // Chown
    public unsafe void Changing_an_owner_is_a_change_and_changes_nothing_else()
    {
        var image = Play.Image([], layer => layer.File("file", "content").Directory("dir").File("dir/x", ""));
        var (container, mount) = Play.Run(image);
        using (mount)
        {
            fixed (byte* file = FileName.Terminated(mount.At("file")), directory = FileName.Terminated(mount.At("dir")))
            {
                Assert.Equal(0, Libc.FchownAt(Libc.AT_FDCWD, file, 9, 9, 0));
                Assert.Equal(0, Libc.FchownAt(Libc.AT_FDCWD, directory, 8, 8, 0));
            }
            Assert.Equal(["C /dir", "C /file"], Play.Changes(container, image));
            Assert.Equal("content", mount.Read("file"));
        }
        using var again = Play.Mount(container, [image]);
        Assert.Contains(TreeFingerprint.Of(again.Root, times: false), line => line.StartsWith("/file 100644 9:9", StringComparison.Ordinal));
        Assert.Contains(TreeFingerprint.Of(again.Root, times: false), line => line.StartsWith("/dir 40755 8:8", StringComparison.Ordinal));
    }

    [FileSystemFact] // MoveFileFromLowerLayer
    public void A_file_of_a_lower_layer_can_be_moved()
    {
        var image = Play.Image([], layer => layer.Directory("dir1").File("dir1/f1", "one").Directory("dir2").File("dir2/f2", "two"));
        var (container, mount) = Play.Run(image);
        using (mount)
            File.Move(mount.At("dir1/f1"), mount.At("dir2/f1"));
        using var again = Play.Mount(container, [image]);
        Assert.Equal(["dir1", "dir2", "dir2/f1", "dir2/f2"], Listing(again.Root));
        Assert.Equal("one", again.Read("dir2/f1"));
    }

    [FileSystemFact] // Rename
    public void A_directory_of_a_lower_layer_can_be_renamed_as_mv_does_it()
    {
        var image = Play.Image([], layer => layer.Directory("dir").Directory("dir/sub").File("dir/sub/file", "content").File("dir/top", "t"));
        var (container, mount) = Play.Run(image);
        using (mount)
            Command.Run("mv", mount.At("dir"), mount.At("moved"));
        using var again = Play.Mount(container, [image]);
        Assert.Equal(["moved", "moved/sub", "moved/sub/file", "moved/top"], Listing(again.Root));
        Assert.Equal("content", again.Read("moved/sub/file"));
        Assert.Equal(["A /moved", "A /moved/sub", "A /moved/sub/file", "A /moved/top", "D /dir"],
            Play.Changes(container, image).Order(StringComparer.Ordinal));
    }

    [FileSystemFact] // ViewReadonly
    public void A_read_only_mount_shows_the_container_and_refuses_every_write()
    {
        var image = Play.Image([], layer => layer.File("file", "image"));
        var (container, mount) = Play.Run(image);
        using (mount)
            mount.Write("own", "container");
        using var view = Play.Mount(container, [image], MountMode.ReadOnly);
        Assert.Equal("imagecontainer", view.Read("file") + view.Read("own"));
        Assert.Equal(-1, Libc.MkdirAt(Libc.AT_FDCWD, view.At("dir"), 0x1ED));
        Assert.Equal(Errno.EROFS, Marshal.GetLastPInvokeError());
        Assert.ThrowsAny<IOException>(() => view.Write("file", "x"));
    }

    [FileSystemFact]
    public void A_layer_without_parents_can_be_mounted_both_ways()
    {
        var (container, mount) = Play.Run();
        using (mount)
            mount.Write("file", "x");
        using var view = Play.Mount(container, [], MountMode.ReadOnly);
        Assert.Equal("x", view.Read("file"));
        Assert.ThrowsAny<IOException>(() => view.Write("file", "y"));
    }

    [FileSystemFact] // DeepLayerRead(50), 128LayersMount
    public void Every_file_of_128_layers_can_be_read()
    {
        var chain = Chain(Math.Min(128, Driver.MaxDepth));
        using var mount = Play.Run([.. chain]).Mount;
        for (var i = 0; i < chain.Count; i++)
            Assert.Equal($"{i}", mount.Read($"file{i}"));
        Assert.Equal($"{chain.Count - 1}", mount.Read("top"));
    }

    [FileSystemFact] // SetQuota
    public void A_quota_holds_and_is_refused_clearly_where_it_cannot_be_set()
    {
        var (container, mount) = Play.Run(Play.Image([], layer => layer.File("file", "x")));
        using (mount)
        {
            if (!Driver.Features.HasFlag(DriverFeatures.Quota))
            {
                Assert.Equal(ErrorIds.DriverUnsupported, Assert.Throws<StoreException>(() => Driver.SetQuota(container, new LayerQuota(1))).ErrorId);
                return;
            }
            // A device is never made smaller than the driver makes it.
            var limit = (int)((Driver.DefaultQuota?.MaxBytes ?? 0) + (50 << 20));
            Driver.SetQuota(container, new LayerQuota(limit));
            Fill(mount.At("half"), limit / 2);
            var error = Assert.Throws<IOException>(() => Fill(mount.At("too much"), limit));
            Assert.Contains(error.HResult, new[] { Errno.EDQUOT, Errno.ENOSPC });
            if (Driver.DefaultQuota is not null)
                return;
            Driver.SetQuota(container, new LayerQuota(null));
            File.WriteAllBytes(mount.At("too much"), new byte[50 << 20]);
        }
    }

    private static void Fill(string path, int bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var mebi = new byte[1 << 20]; bytes > 0; bytes -= mebi.Length)
            file.Write(mebi);
    }

    [FileSystemFact]
    public void The_status_names_the_backing_file_system_as_Docker_does()
    {
        if (Kind == FileSystemKind.Zfs)
        {
            Assert.Equal(
                ["Zpool", "Zpool Health", "Parent Dataset", "Space Used By Parent", "Space Available", "Parent Quota", "Compression"],
                Driver.Status().Select(line => line.Name));
            return;
        }
        var name = Kind switch { FileSystemKind.Ext4 => "extfs", FileSystemKind.Xfs => "xfs", FileSystemKind.Btrfs or FileSystemKind.BtrfsWithQuota => "btrfs", _ => "tmpfs" };
        Assert.Equal(name, Driver.Status().Single(line => line.Name == "Backing Filesystem").Value);
        if (IsOverlay)
            Assert.Equal(["Backing Filesystem", "Supports d_type", "Using metacopy", "Native Overlay Diff", "userxattr"], Driver.Status().Select(line => line.Name));
    }

    /// <summary>A chain of that many layers, nearest first, each with a file of its own and one that it changes.</summary>
    internal List<LayerId> Chain(int layers)
    {
        var chain = new List<LayerId>();
        for (var i = 0; i < layers; i++)
        {
            var number = i;
            chain.Insert(0, Play.Image([.. chain], layer => layer.File($"file{number}", $"{number}").File("top", $"{number}")));
        }
        return chain;
    }

    internal static IReadOnlyList<string> Listing(string root) =>
        [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];
}
