using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Drivers.Vfs;

/// <summary>Tries what vfs needs (a directory to write to) and what makes it better.</summary>
/// <param name="directory">Where.</param>
/// <param name="needsQuota">True where the store is to limit its containers.</param>
internal sealed class VfsProbe(string directory, bool needsQuota)
{
    private readonly ProbeRecorder _recorder = new();

    public ProbeReport Run() => _recorder.OnLinux(
        VfsDriverFactory.DriverName, directory, () => _recorder.InDirectory(directory, ProbeIn, WriteFile));

    private void ProbeIn(ProbeDirectory place)
    {
        _recorder.Check("extended attributes", false,
            "Use a file system with user.* attributes (ext4, xfs, btrfs, tmpfs since Linux 6.6); without them a container loses those of its files.",
            () => TryAttributes(place));
        _recorder.Check("shared blocks", false,
            "Put the store on xfs (mkfs.xfs -m reflink=1) or btrfs: copies of layers then take neither time nor space.", () => TryClone(place));
        _recorder.Check("owners and devices", false,
            "Run as root; an ordinary user's store keeps them in the attribute user.containers.override_stat.", () => TryOwners(place));
        _recorder.Check("project quota", needsQuota, LayerProjects.Remedy, () => TryQuota(place));
    }

    private static string WriteFile(ProbeDirectory place)
    {
        File.WriteAllText(place.Inside("file"), "contents");
        return "a directory and a file could be made";
    }

    private static (bool, string) TryAttributes(ProbeDirectory place)
    {
        ExtendedAttributes.Set(FileName.Terminated(place.Inside("file")), "user.layerstore.probe\0"u8, "y"u8);
        return (true, "user.* attributes can be set");
    }

    private static unsafe (bool, string) TryClone(ProbeDirectory place)
    {
        using var source = File.OpenHandle(place.Inside("file"));
        using var target = File.OpenHandle(place.Inside("clone"), FileMode.CreateNew, FileAccess.Write);
        return Libc.Ioctl(target.Descriptor(), Libc.FICLONE, source.Descriptor()) == 0
            ? (true, "FICLONE works: copies share their blocks")
            : (false, $"FICLONE: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    private static (bool, string) TryQuota(ProbeDirectory place)
    {
        if (LayerProjects.TryOpen(VfsDriverFactory.DriverName, place.Path, out var missing) is not { } projects)
            return (false, missing);
        var tree = place.Make("limited");
        projects.Adopt([tree], new LayerQuota(1 << 20));
        var project = projects.Of(tree);
        try
        {
            File.WriteAllText(Path.Combine(tree, "file"), "counted");
            return projects.Read(tree)?.AllocatedInodes == 2
                ? (true, "a directory got a limit, and the file system counts what is in it")
                : (false, "the file system does not count what is in a directory");
        }
        finally
        {
            projects.Release(project);
        }
    }

    private static unsafe (bool, string) TryOwners(ProbeDirectory place)
    {
        fixed (byte* name = FileName.Terminated(place.Inside("file")))
        {
            return Libc.FchownAt(Libc.AT_FDCWD, name, 1, 1, Libc.AT_SYMLINK_NOFOLLOW) == 0
                ? (true, "owners can be changed")
                : (false, $"chown: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }
}
