using System.Runtime.InteropServices;
using System.Text;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Tries what overlay2 needs, with real mounts in a directory of its own; nothing goes by the kernel's version.</summary>
/// <param name="directory">Where.</param>
/// <param name="needsQuota">True where the store is to limit its containers.</param>
internal sealed class Overlay2Probe(string directory, bool needsQuota)
{
    /// <summary>The check that says which file system is below.</summary>
    public const string FileSystemCheck = "upper file system";

    private readonly ProbeRecorder _recorder = new();
    private readonly Mounts _mounts = new();

    public ProbeReport Run() => _recorder.OnLinux(Overlay2DriverFactory.DriverName, directory, () => _recorder.InDirectory(directory, ProbeIn));

    private void ProbeIn(ProbeDirectory place)
    {
        _recorder.Check(FileSystemCheck, true, "Put the store on ext4, xfs, btrfs or tmpfs, or use the vfs driver.", () =>
        {
            var fileSystem = BackingFileSystem.Of(place.Path);
            var refused = fileSystem.Magic is BackingFileSystem.Overlay or BackingFileSystem.Ecryptfs or BackingFileSystem.Nfs or BackingFileSystem.Aufs;
            return (!refused, $"the directory is on {fileSystem.Name}{(refused ? ", which cannot carry an overlay's upper directory" : "")}");
        });
        _recorder.Check("d_type", true,
            "Reformat the file system: 'mkfs.xfs -n ftype=1' for xfs, 'tune2fs -O filetype' for ext4; or use the vfs driver.", () =>
        {
            var sample = place.Make("kinds");
            File.WriteAllText(Path.Combine(sample, "file"), "");
            return DirectoryKinds.AreReported(sample)
                ? (true, "the kind of a new file is in its directory")
                : (false, "the directory does not say what its entries are (xfs without ftype=1, or ext4 without filetype)");
        });

        var trusted = TrustedAttributes.Available(place.Path);
        _recorder.Check("userxattr", false, "", () => (true, trusted
            ? "not needed: trusted.* attributes can be set"
            : "needed: trusted.* attributes cannot be set, as in a user namespace"));
        var format = trusted ? OverlayFormat.Privileged : OverlayFormat.User;

        var merged = place.Make("merged");
        var mounted = _recorder.Check("overlay", true,
            "Run as root, and load the module ('modprobe overlay'); or use the vfs driver.", () => MountTwoLowers(place, format, merged));
        if (!mounted)
            return;
        _recorder.Check("whiteouts", true, "Use another file system, or the vfs driver.", () => TryWhiteouts(place, merged, format));
        _recorder.Check("native diff", true, "Switch redirects off: 'echo N > /sys/module/overlay/parameters/redirect_dir'; or use the vfs driver.",
            () => TryNativeDiff(place, merged, format));
        _recorder.Check("metacopy", true, "Switch it off: 'echo N > /sys/module/overlay/parameters/metacopy'; or use the vfs driver.",
            () => TryMetacopy(place, merged, format));
        _recorder.Check("index", false, "Switch it off: 'echo N > /sys/module/overlay/parameters/index'.", () => TrySharedLowers(place, format));
        _recorder.Check("mount interface", false, "Linux 6.7 mounts 500 layers; older kernels take as many names as fit into one page.",
            () => TryContexts(place, format));
        _recorder.Check(Overlay2QuotaProbe.CheckName, needsQuota, LayerProjects.Remedy, () => Overlay2QuotaProbe.Run(
            place, (upper, work, target) => place.Mount(_mounts, Plan(place, upper, work, format), target)));
    }

    private (bool, string) MountTwoLowers(ProbeDirectory place, OverlayFormat format, string merged)
    {
        Write(place.Make("lower1"), "one");
        Write(place.Make("lower2"), "two");
        foreach (var name in new[] { "lower2/directory", "lower2/moved", "lower2/opaque", "lower1/opaque" })
            Write(place.Make(name), "below");
        format.MarkOpaque(FileName.Terminated(place.Inside("lower1/opaque")));
        place.Make("upper");
        place.Make("work");
        place.Mount(_mounts, Plan(place, "upper", "work", format), merged);
        var both = File.Exists(Path.Combine(merged, "one")) && File.Exists(Path.Combine(merged, "two"));
        return (both, both ? "an overlay of two lower directories shows both" : "an overlay of two lower directories does not show both");
    }

    private static (bool, string) TryWhiteouts(ProbeDirectory place, string merged, OverlayFormat format)
    {
        File.Delete(Path.Combine(merged, "two"));
        Directory.Delete(Path.Combine(merged, "directory"), recursive: true);
        using var stack = new LayerStack([(place.Inside("upper"), format), (place.Inside("lower1"), format), (place.Inside("lower2"), format)]);
        if (stack.Root.Find("two"u8) is not null || stack.Root.Find("directory"u8) is not null)
            return (false, "a file and a directory were deleted in the merged directory, and the upper directory has no whiteouts for them");
        Directory.CreateDirectory(Path.Combine(merged, "directory"));
        return stack.Root.Find("directory"u8)?.Directory?.Names() is []
            ? (true, "deleted files leave whiteouts, a directory made again is opaque")
            : (false, "a directory that was deleted and made again shows its old files");
    }

    private static (bool, string) TryNativeDiff(ProbeDirectory place, string merged, OverlayFormat format)
    {
        if (Libc.Rename(Path.Combine(merged, "moved"), Path.Combine(merged, "moved2")) == 0)
        {
            if (Has(place.Inside("upper/moved2"), format, "redirect"))
                return (false, "renaming a directory of a lower layer left a redirect instead of its files");
        }
        else if (Marshal.GetLastPInvokeError() != Errno.EXDEV)
            return (false, LinuxError.Last("rename", "moved").Message);

        // Before Linux 4.8, copying an opaque directory up made the copy opaque as well.
        Write(Path.Combine(merged, "opaque"), "new");
        return Has(place.Inside("upper/opaque"), format, "opaque")
            ? (false, "a directory that was copied up became opaque")
            : (true, "renaming a lower directory copies it, copies of opaque directories are not opaque");
    }

    private static (bool, string) TryMetacopy(ProbeDirectory place, string merged, OverlayFormat format)
    {
        if (Libc.FchmodAt(Libc.AT_FDCWD, Path.Combine(merged, "one"), 0x180, 0) < 0)
            throw LinuxError.Last("set the mode of", "one");
        return Has(place.Inside("upper/one"), format, "metacopy")
            ? (false, "changing a mode copied a file's attributes without its contents")
            : (true, "changing a mode copies the whole file up");
    }

    private (bool, string) TrySharedLowers(ProbeDirectory place, OverlayFormat format)
    {
        place.Make("upper-b");
        place.Make("work-b");
        place.Mount(_mounts, Plan(place, "upper-b", "work-b", format), place.Make("merged-b"));
        return (true, "two mounts share their lower directories");
    }

    private static (bool, string) TryContexts(ProbeDirectory place, OverlayFormat format)
    {
        place.Make("upper-c");
        place.Make("work-c");
        place.Mount(new Mounts(MountInterface.Contexts), Plan(place, "upper-c", "work-c", format), place.Make("merged-c"));
        return (true, "fsopen(2) with lowerdir+ works: up to 500 layers");
    }

    private static MountPlan.Overlay Plan(ProbeDirectory place, string upper, string work, OverlayFormat format) => new(
        [place.Inside("lower1"), place.Inside("lower2")], place.Inside(upper), place.Inside(work),
        OverlayModule.MountOptions(format == OverlayFormat.User));

    private static bool Has(string path, OverlayFormat format, string attribute)
    {
        var prefix = format == OverlayFormat.User ? "user.overlay." : "trusted.overlay.";
        return ExtendedAttributes.Get(FileName.Terminated(path), Encoding.ASCII.GetBytes(prefix + attribute + "\0")) is not null;
    }

    private static void Write(string directory, string name) => File.WriteAllText(Path.Combine(directory, name), name);
}
