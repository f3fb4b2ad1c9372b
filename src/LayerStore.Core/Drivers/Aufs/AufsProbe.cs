using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.Aufs;

/// <summary>Tries what aufs needs, with real mounts in a directory of its own.</summary>
internal sealed class AufsProbe(string directory)
{
    private const string Remedy =
        "aufs is no part of Linux: it needs a kernel built with its patches (github.com/sfjro/aufs-standalone), and root. Every kernel has what the overlay2 driver needs, which does the same.";

    // The uppermost first; each gets a file of its own name.
    private static readonly string[] s_branches = ["upper", "lower1", "lower2"];

    private readonly ProbeRecorder _recorder = new();
    private readonly Mounts _mounts = new();

    public ProbeReport Run() => _recorder.OnLinux(AufsDriverFactory.DriverName, directory, () => _recorder.InDirectory(directory, ProbeIn));

    private void ProbeIn(ProbeDirectory place)
    {
        _recorder.Check("branch file system", true, "Put the store on ext4 or xfs.", () =>
        {
            // Docker's list: aufs either refuses these or loses files on them.
            var fileSystem = BackingFileSystem.Of(place.Path);
            var refused = fileSystem.Magic is BackingFileSystem.Aufs or BackingFileSystem.Btrfs or BackingFileSystem.Ecryptfs or BackingFileSystem.Overlay or BackingFileSystem.Nfs;
            return (!refused, $"the directory is on {fileSystem.Name}{(refused ? ", which cannot carry aufs's branches" : "")}");
        });
        var merged = place.Make("merged");
        if (!_recorder.Check("aufs", true, Remedy, () => MountTwoLowers(place, merged)))
            return;
        _recorder.Check("whiteouts", true, "Use another file system, or another driver.", () => TryWhiteouts(place, merged));
        _recorder.Check("append", true, "Use a newer aufs, or another driver.", () => TryAppend(place));
        _recorder.Check("dirperm1", false, "aufs knows it since 3.12; without it a directory's permissions are those of all its branches together.", () =>
            AufsMount.TakesDirperm1(place.Inside("lower1"))
                ? (true, "a directory has the permissions of its uppermost branch")
                : (false, "the mount option dirperm1 is refused"));
        _recorder.Check("extended attributes", false, "Build the kernel with CONFIG_AUFS_XATTR; without it files that a container changes lose theirs.", () => TryAttributes(merged));
    }

    private (bool, string) MountTwoLowers(ProbeDirectory place, string merged)
    {
        foreach (var name in s_branches.Append("lower2/directory"))
            File.WriteAllText(Path.Combine(place.Make(name), Path.GetFileName(name)), "below");
        place.Mount(_mounts, new MountPlan.Aufs([.. s_branches.Select(place.Inside)], ReadOnly: false), merged);
        var all = s_branches.All(name => File.Exists(Path.Combine(merged, name)));
        return (all, all ? "an aufs of three branches shows the files of each" : "an aufs of three branches does not show the files of each");
    }

    private static (bool, string) TryWhiteouts(ProbeDirectory place, string merged)
    {
        File.Delete(Path.Combine(merged, "lower1"));
        Directory.Delete(Path.Combine(merged, "directory"), recursive: true);
        Directory.CreateDirectory(Path.Combine(merged, "directory"));
        using var stack = new LayerStack(s_branches.Select(name => (place.Inside(name), (LayerFormat?)AufsFormat.Instance)));
        if (stack.Root.Find("lower1"u8) is not null || stack.Root.Find("lower2"u8) is null)
            return (false, "a file was deleted in the merged directory, and the upper branch has no whiteout for it");
        return stack.Root.Find("directory"u8)?.Directory?.Names() is []
            ? (true, "deleted files leave whiteouts, a directory made again is opaque")
            : (false, "a directory that was deleted and made again shows its old files");
    }

    private (bool, string) TryAppend(ProbeDirectory place)
    {
        // More branches than one call takes.
        var branches = Enumerable.Range(0, AufsMount.MaxBranchesPerCall + 1).Select(number => place.Make($"many/{number}")).ToArray();
        File.WriteAllText(Path.Combine(branches[^1], "last"), "");
        var target = place.Make("merged-a");
        place.Mount(_mounts, new MountPlan.Aufs(branches, ReadOnly: true), target);
        return File.Exists(Path.Combine(target, "last"))
            ? (true, $"{branches.Length} branches are mounted, the last of them appended by remounting")
            : (false, "a branch that was appended does not show");
    }

    private static (bool, string) TryAttributes(string merged)
    {
        var path = FileName.Terminated(Path.Combine(merged, "lower2"));
        ExtendedAttributes.Set(path, "user.layerstore.probe\0"u8, "y"u8);
        return ExtendedAttributes.Get(path, "user.layerstore.probe\0"u8) is [(byte)'y']
            ? (true, "a file that is copied up takes its attributes along")
            : (false, "an attribute that was set is not there");
    }
}
