using LayerStore.Linux;
using LayerStore.Linux.Btrfs;

namespace LayerStore.Bench.Sandbox;

/// <summary>A fresh ext4, xfs or btrfs on a sparse file, mounted in the workspace: every contender writes to one of these and to nothing else.</summary>
internal sealed class LoopFileSystem
{
    private readonly FileSystemKind _kind;

    private LoopFileSystem(string path, FileSystemKind kind) => (Path, _kind) = (path, kind);

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes and mounts it.</summary>
    public static LoopFileSystem Create(Workspace workspace, string name, int gibibytes, FileSystemKind kind = FileSystemKind.Ext4)
    {
        var image = System.IO.Path.Combine(workspace.Backing, FormattableString.Invariant($"layerstore-bench-{Environment.ProcessId}-{name}.img"));
        var mount = System.IO.Path.Combine(workspace.Root, name);
        Directory.CreateDirectory(mount);
        workspace.OnDispose($"the image {image}", () => File.Delete(image));
        using (var file = File.Create(image))
        {
            file.SetLength((long)gibibytes << 30);
        }

        switch (kind)
        {
            case FileSystemKind.Btrfs:
                Tool.Run("mkfs.btrfs", "-q", "-f", "-K", image);
                break;
            case FileSystemKind.Xfs:
                Tool.Run("mkfs.xfs", "-q", "-f", "-K", "-m", "reflink=1", image);
                break;
            default:
                // Inode tables are written now, so that no kernel thread writes them while something is measured.
                Tool.Run("mkfs.ext4", "-q", "-F", "-m", "0", "-i", "8192", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", image);
                break;
        }

        Tool.Run("mount", "-o", "loop,noatime", image, mount);
        var mounted = mount;
        workspace.OnDispose($"the mount {mounted}", () => Workspace.UnmountBelow(mounted));
        if (kind == FileSystemKind.Btrfs)
        {
            mount = System.IO.Path.Combine(mount, "data");
            Tool.Run("btrfs", "subvolume", "create", mount);
        }
        else if (kind == FileSystemKind.Ext4)
        {
            Directory.Delete(System.IO.Path.Combine(mount, "lost+found"));
        }

        return new LoopFileSystem(mount, kind);
    }

    /// <summary>Removes everything in it and waits until that is on disk, so that the next one measured does not pay for it.</summary>
    public void Empty()
    {
        Workspace.UnmountInside(Path);
        if (_kind == FileSystemKind.Btrfs)
        {
            // Everything is in one subvolume: rm -r would stop at read-only ones.
            using var mount = DirectoryHandle.Open(System.IO.Path.GetDirectoryName(Path)!);
            NestedSubvolumes.Destroy(mount, FileName.Terminated(System.IO.Path.GetFileName(Path)));
            Tool.Run("btrfs", "subvolume", "sync", System.IO.Path.GetDirectoryName(Path)!);
            Tool.Run("btrfs", "subvolume", "create", Path);
            Sync();
            return;
        }

        Tool.Shell("find \"$1\" -mindepth 1 -maxdepth 1 -exec rm -rf {} +; sync -f \"$1\"", Path);
    }

    /// <summary>Waits until everything is on disk.</summary>
    public void Sync() => Tool.Run("sync", "-f", Path);
}
