using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// aufs through mount(2) (aufs(5) of aufs-util): its options share one page and one array of the kernel's, so that what does not fit into the first call is appended by remounting.
/// </summary>
internal static class AufsMount
{
    // The kernel collects options in a page of structures, about a hundred of them.
    public const int MaxBranchesPerCall = 64;

    private static readonly string[] s_linkTools = ["/sbin/auplink", "/usr/sbin/auplink", "/usr/bin/auplink"];

    /// <summary>Mounts at an existing directory.</summary>
    public static void Mount(MountPlan.Aufs plan, string target)
    {
        // dirperm1 gives directories the first branch's permissions alone, as every other driver does; aufs of before 3.12 has none.
        var error = Mount(plan, target, "dirperm1");
        if (error == Errno.EINVAL)
            error = Mount(plan, target, null);
        if (error == Errno.ENOSPC)
            throw new StoreException(ErrorIds.LayerDepthExceeded, StoreErrorKind.NotSupported, target,
                $"An aufs of {plan.Branches.Count} branches at '{Printable.Escape(target)}' is too deep for this kernel, which was built for fewer (AUFS_BRANCH_MAX).",
                "Squash the image into fewer layers, or use a store with the overlay2 driver (500 layers) or the vfs driver, which has no limit.");
        if (error != 0)
            throw MountErrors.Failed("aufs", target, error, "");
    }

    /// <summary>As the other one, with that option; gives the kernel's answer, and leaves nothing where it is an error.</summary>
    public static int Mount(MountPlan.Aufs plan, string target, string? option)
    {
        var places = new List<SafeFileHandle>();
        try
        {
            // A colon separates branches, a comma options, and nothing escapes them: a handle's path has neither.
            var steps = Steps(plan, plan.Branches.Any(path => path.AsSpan().IndexOfAny(':', ',', '=') >= 0) ? Place : path => path, Environment.SystemPageSize);
            for (var i = 0; i < steps.Count; i++)
            {
                var flags = (i == 0 ? 0 : Libc.MS_REMOUNT) | (plan.ReadOnly ? Libc.MS_RDONLY : 0);
                if (Libc.Mount("none", target, "aufs", flags, i == 0 ? steps[i] + Fixed(option) : steps[i]) == 0)
                    continue;
                var refused = Marshal.GetLastPInvokeError();
                if (i > 0)
                    _ = Libc.Umount2(target, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW);
                return refused;
            }
            return 0;
        }
        finally
        {
            places.ForEach(place => place.Dispose());
        }

        string Place(string path)
        {
            var place = DirectoryHandle.OpenPlace(path);
            places.Add(place);
            return $"/proc/self/fd/{place.Descriptor()}";
        }
    }

    /// <summary>The options of each call: the first mounts, the others remount.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">How a branch is named.</param>
    /// <param name="page">Bytes that the kernel takes at once.</param>
    internal static IReadOnlyList<string> Steps(MountPlan.Aufs plan, Func<string, string> name, int page)
    {
        // The other options and the end of the text want room as well.
        var room = page - 1 - Encoding.UTF8.GetByteCount(Fixed("dirperm1"));
        var steps = new List<string>();
        var step = new StringBuilder("br:");
        var branches = 0;
        for (var i = 0; i < plan.Branches.Count; i++)
        {
            var branch = name(plan.Branches[i]) + (i == 0 && !plan.ReadOnly ? "=rw" : "=ro+wh");
            var text = steps.Count == 0 ? (branches == 0 ? "" : ":") + branch : (branches == 0 ? "" : ",") + "append:" + branch;
            if (branches > 0 && (branches == MaxBranchesPerCall || Encoding.UTF8.GetByteCount(step.ToString()) + Encoding.UTF8.GetByteCount(text) > room))
            {
                steps.Add(step.ToString());
                step.Clear();
                branches = 0;
                text = "append:" + branch;
            }
            step.Append(text);
            branches++;
        }
        steps.Add(step.ToString());
        return steps;
    }

    /// <summary>True where this kernel's aufs knows dirperm1. Mounts an existing directory nowhere, and read-only, so that nothing is touched.</summary>
    public static bool TakesDirperm1(string directory)
    {
        try
        {
            using var place = DirectoryHandle.OpenPlace(directory);
            using var context = MountContext.TryOpen("aufs", directory);
            context?.Set("br", $"/proc/self/fd/{place.Descriptor()}=ro");
            context?.Set("xino", XinoPath());
            context?.Set("dirperm1", null);
            context?.Create(readOnly: true).Dispose();
            return context is not null;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    /// <summary>
    /// Makes whole what aufs only pretends while it is mounted: that the other names of a file with several, of which one was copied up, are still the same file. That is the work of aufs's
    /// own tool; without it they go their ways, as on overlayfs.
    /// </summary>
    public static unsafe void FlushLinks(string target)
    {
        if (Array.Find(s_linkTools, File.Exists) is not { } tool || !Directory.Exists(target))
            return;
        StatFsData data;
        using (var handle = DirectoryHandle.Open(target))
        {
            if (Libc.Fstatfs(handle.Descriptor(), &data) < 0 || data.Type != BackingFileSystem.Aufs)
                return;
        }
        using var process = Process.Start(new ProcessStartInfo(tool, [target, "flush"]) { RedirectStandardOutput = true, RedirectStandardError = true });
        process?.WaitForExit();
    }

    private static string Fixed(string? option) => $",dio,xino={XinoPath()}{(option is null ? "" : "," + option)}";

    // The table of inode numbers goes to memory, and needs a name that no other mount uses at the same moment; aufs unlinks it at once.
    private static string XinoPath() => string.Create(CultureInfo.InvariantCulture, $"/dev/shm/.layerstore-{Guid.NewGuid():N}.xino");
}
