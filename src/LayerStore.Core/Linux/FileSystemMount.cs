using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// File systems of their own through the new mount interface (Linux 5.2). A detached mount stands nowhere in the tree of directories: it is reached by its handle alone and goes with the
/// last handle, so that a process that dies leaves no mount behind.
/// </summary>
internal static class FileSystemMount
{
    /// <summary>Mounts at an existing directory.</summary>
    public static void Mount(MountPlan.FileSystem plan, string target)
    {
        using var mount = MountDetached(plan);
        Attach(mount, target);
    }

    // While a file system is being mounted or unmounted by somebody else, a second mount of it is refused for an instant.
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Mounts nowhere. The handle is the root directory; <c>/proc/self/fd/N/.</c> is its path for this process.</summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.LayerNotFound"/> where there is no such device or dataset, <see cref="ErrorIds.MountBusy"/>, <see cref="ErrorIds.MountFailed"/> with the kernel's own explanation.
    /// </exception>
    public static SafeFileHandle MountDetached(MountPlan.FileSystem plan)
    {
        for (var since = Stopwatch.StartNew(); ; Thread.Sleep(BusyPause))
        {
            try
            {
                return TryMountDetached(plan);
            }
            catch (StoreException e) when (e.ErrorId == ErrorIds.MountBusy && since.Elapsed < BusyRetry.Usual)
            {
            }
            catch (StoreException e) when (e.InnerException is Win32Exception { NativeErrorCode: Errno.ENOENT })
            {
                throw MountErrors.SourceMissing(plan.Source, e);
            }
        }
    }

    /// <summary>Moves a detached mount to an existing directory.</summary>
    public static void Attach(SafeFileHandle mount, string target)
    {
        using var place = DirectoryHandle.OpenPlace(target);
        if (Libc.MoveMount(mount.Descriptor(), place.Descriptor()) < 0)
            throw MountErrors.Failed("mount", target, Marshal.GetLastPInvokeError(), "");
    }

    private static SafeFileHandle TryMountDetached(MountPlan.FileSystem plan)
    {
        using var context = MountContext.TryOpen(plan.Type, plan.Source)
            ?? throw MountErrors.Failed(plan.Type, plan.Source, Errno.ENOSYS, "fsopen(2) came with Linux 5.2");
        context.Set("source", plan.Source);
        foreach (var (key, value) in plan.Options)
            context.Set(key, value);
        return context.Create(plan.ReadOnly);
    }
}
