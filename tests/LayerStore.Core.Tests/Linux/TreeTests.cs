using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Kernel;

public sealed class TreeTests : IDisposable
{
    private readonly TestDirectory _place = new("/dev/shm");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_link_that_takes_a_directory_s_place_leads_no_look_outside()
    {
        using var place = new TestDirectory();
        File.WriteAllText(Path.Combine(place.Make("outside"), "secret"), "x");
        place.Make("tree/dir");
        using var root = DirectoryHandle.Open(place["tree"]);
        var directory = new TreeDirectory(root, mayChange: true).Child("dir"u8);
        Directory.Delete(place["tree/dir"]);
        Directory.CreateSymbolicLink(place["tree/dir"], place["outside"]);
        Assert.False(directory.TryStat("secret"u8, out _));
        Assert.Null(directory.OpenPlace());
        Assert.Null(directory.TryOpenFile("secret"u8));
        Assert.True(new TreeDirectory(root, mayChange: true).TryStat("dir"u8, out var link) && link.IsSymlink);
    }

    [RootFact]
    public void A_full_disk_is_told_as_that_whatever_the_message_has_to_look_up()
    {
        using var disk = new SmallDisk(1);
        using var source = new TestDirectory();
        File.WriteAllBytes(Path.Combine(source.Path, "big"), new byte[4 << 20]);
        var error = Assert.Throws<StoreException>(() => TreeCopy.Copy(source.Path, Path.Combine(disk.Path, "copy")));
        Assert.Equal(ErrorIds.DiskFull, error.ErrorId);
    }

    [Fact]
    public void A_tree_of_5000_directories_in_each_other_is_measured_copied_and_removed()
    {
        var tree = _place.Make("tree");
        MakeDeep(tree, 5000);
        using (var handle = DirectoryHandle.Open(tree))
            Assert.Equal(new Usage(4, 5001), TreeUsage.Measure(handle, CancellationToken.None) with { AllocatedBytes = null });
        var copy = Path.Combine(_place.Path, "copy");
        TreeCopy.Copy(tree, copy);
        using (var handle = DirectoryHandle.Open(copy))
            Assert.Equal(5001, TreeUsage.Measure(handle, CancellationToken.None).Inodes);
        TreeRemover.Remove(copy);
        TreeRemover.Remove(tree);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
    }

    [Fact]
    public void Removing_a_link_leaves_what_it_points_to()
    {
        var outside = _place.Make("outside");
        File.WriteAllText(Path.Combine(outside, "file"), "x");
        var tree = _place.Make("tree");
        File.CreateSymbolicLink(Path.Combine(tree, "link"), outside);
        TreeRemover.Remove(tree);
        Assert.True(File.Exists(Path.Combine(outside, "file")));
        File.CreateSymbolicLink(tree, outside);
        TreeRemover.Remove(tree);
        Assert.True(File.Exists(Path.Combine(outside, "file")));
        Assert.False(Path.Exists(tree));
    }

    [Fact]
    public void Immutable_files_are_removed()
    {
        using var ext4 = new LoopFileSystem(FileSystemKind.Ext4);
        var tree = Path.Combine(ext4.Path, "tree");
        Directory.CreateDirectory(tree);
        File.WriteAllText(Path.Combine(tree, "file"), "x");
        Command.Run("chattr", "+i", Path.Combine(tree, "file"), tree);
        TreeRemover.Remove(tree);
        Assert.False(Path.Exists(tree));
    }

    [Fact]
    public void Removing_what_is_not_there_is_no_error()
    {
        TreeRemover.Remove(Path.Combine(_place.Path, "missing"));
        TreeRemover.Remove(Path.Combine(_place.Path, "missing", "deeper"));
    }

    [Fact]
    public void Names_of_any_bytes_are_kept_and_removed()
    {
        var tree = _place.Make("tree");
        using (var handle = DirectoryHandle.Open(tree))
            MakeDirectory(handle.Descriptor(), [0xff, 0xfe, (byte)'\n']);
        var copy = Path.Combine(_place.Path, "copy");
        TreeCopy.Copy(tree, copy);
        Assert.Equal(TreeFingerprint.Of(tree), TreeFingerprint.Of(copy));
        TreeRemover.Remove(copy);
        Assert.False(Path.Exists(copy));
    }

    [Theory]
    [InlineData("Clone")]
    [InlineData("InKernel")]
    [InlineData("ReadWrite")]
    public void Every_way_of_copying_keeps_contents_and_holes(string method)
    {
        var source = Path.Combine(_place.Path, "source");
        using (var file = File.Create(source))
        {
            file.SetLength(10 << 20);
            foreach (var at in new[] { 1 << 20, 5 << 20, (10 << 20) - 5 })
            {
                file.Seek(at, SeekOrigin.Begin);
                file.Write("here"u8);
            }
        }
        var copy = Path.Combine(_place.Path, "copy");
        using (var from = File.OpenHandle(source))
        using (var into = File.OpenHandle(copy, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            var how = Enum.Parse<CopyMethod>(method);
            FileContents.Copy(from.Descriptor(), into.Descriptor(), 10 << 20, mayHaveHoles: true, ref how);
        }
        Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(copy));
        using var handle = DirectoryHandle.Open(_place.Path);
        Assert.True(new TreeDirectory(handle).TryStat("copy"u8, out var data));
        Assert.True(data.Blocks * 512 < 1 << 20, $"{data.Blocks * 512} bytes are allocated");
    }

    [Theory]
    [InlineData(FileSystemKind.Xfs)]
    [InlineData(FileSystemKind.Btrfs)]
    public void Copies_share_their_blocks_where_the_file_system_can(FileSystemKind kind)
    {
        using var fileSystem = new LoopFileSystem(kind);
        var tree = Directory.CreateDirectory(Path.Combine(fileSystem.Path, "tree")).FullName;
        File.WriteAllBytes(Path.Combine(tree, "file"), new byte[64 << 20]);
        Command.Run("sync", "-f", tree);
        var before = new DriveInfo(fileSystem.Path).AvailableFreeSpace;
        TreeCopy.Copy(tree, Path.Combine(fileSystem.Path, "copy"));
        Command.Run("sync", "-f", tree);
        Assert.True(before - new DriveInfo(fileSystem.Path).AvailableFreeSpace < 16 << 20);
    }

    [Fact]
    public void Files_with_several_names_are_measured_once()
    {
        var tree = _place.Make("tree");
        File.WriteAllText(Path.Combine(tree, "a"), "12345");
        Command.Run("ln", Path.Combine(tree, "a"), Path.Combine(tree, "b"));
        Command.Run("mknod", Path.Combine(tree, "whiteout"), "c", "0", "0");
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "1234567");
        using var handle = DirectoryHandle.Open(tree);
        Assert.Equal(new Usage(12, 3), TreeUsage.Measure(handle, CancellationToken.None) with { AllocatedBytes = null });
    }

    [Fact]
    public void Directories_are_opened_without_openat2_as_well_and_never_through_a_link()
    {
        _place.Make("a/b/c");
        File.CreateSymbolicLink(Path.Combine(_place.Path, "a/link"), "b");
        using var root = DirectoryHandle.Open(_place.Path);
        var flags = Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        using (var found = SafeOpen.Walk(root.Descriptor(), "a/b/c\0"u8, flags))
            Assert.NotNull(found);
        Assert.Null(SafeOpen.Walk(root.Descriptor(), "a/link/c\0"u8, flags));
        Assert.Null(SafeOpen.Walk(root.Descriptor(), "a/link\0"u8, flags));
        Assert.Null(SafeOpen.Directory(root.Descriptor(), "a/link/c\0"u8));
        Assert.Null(SafeOpen.Directory(root.Descriptor(), "../x\0"u8));
    }

    private static void MakeDeep(string root, int depth)
    {
        var at = DirectoryHandle.Open(root);
        for (var i = 0; i < depth; i++)
        {
            MakeDirectory(at.Descriptor(), "directory"u8);
            var next = SafeOpen.Directory(at.Descriptor(), "directory\0"u8)!;
            at.Dispose();
            at = next;
        }
        File.WriteAllText($"/proc/self/fd/{at.Descriptor()}/file", "deep");
        at.Dispose();
    }

    private static unsafe void MakeDirectory(int parent, ReadOnlySpan<byte> name)
    {
        fixed (byte* path = FileName.Terminated(name))
            Assert.Equal(0, Libc.MkdirAt(parent, path, 0x1ED));
    }
}
