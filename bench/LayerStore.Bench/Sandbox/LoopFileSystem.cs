namespace LayerStore.Bench.Sandbox;

/// <summary>A fresh ext4 on a sparse file, mounted in the workspace: every contender writes to one of these and to nothing else.</summary>
internal sealed class LoopFileSystem
{
    private LoopFileSystem(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public static LoopFileSystem Create(Workspace workspace, string name, int gibibytes)
    {
        var image = System.IO.Path.Combine(workspace.Backing, FormattableString.Invariant($"layerstore-bench-{Environment.ProcessId}-{name}.img"));
        var mount = System.IO.Path.Combine(workspace.Root, name);
        Directory.CreateDirectory(mount);
        workspace.OnDispose($"the image {image}", () => File.Delete(image));
        using (var file = File.Create(image))
        {
            file.SetLength((long)gibibytes << 30);
        }

        // Inode tables are written now, so that no kernel thread writes them while something is measured.
        Tool.Run("mkfs.ext4", "-q", "-F", "-m", "0", "-i", "8192", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", image);
        Tool.Run("mount", "-o", "loop,noatime", image, mount);
        workspace.OnDispose($"the mount {mount}", () => Workspace.UnmountBelow(mount));
        Tool.Run("rmdir", System.IO.Path.Combine(mount, "lost+found"));
        return new LoopFileSystem(mount);
    }

    /// <summary>Removes everything in it and waits until that is on disk, so that the next one measured does not pay for it.</summary>
    public void Empty()
    {
        Workspace.UnmountInside(Path);
        Tool.Shell("find \"$1\" -mindepth 1 -maxdepth 1 -exec rm -rf {} +; sync -f \"$1\"", Path);
    }

    /// <summary>Waits until everything is on disk.</summary>
    public void Sync() => Tool.Run("sync", "-f", Path);
}
