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

    /// <summary>Mounts nowhere. The handle is the root directory; <c>/proc/self/fd/N/.</c> is its path for this process.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountFailed"/> with the kernel's own explanation.</exception>
    public static SafeFileHandle MountDetached(MountPlan.FileSystem plan)
    {
        using var context = MountContext.TryOpen(plan.Type, plan.Source)
            ?? throw MountErrors.Failed(plan.Type, plan.Source, Errno.ENOSYS, "fsopen(2) came with Linux 5.2");
        context.Set("source", plan.Source);
        foreach (var (key, value) in plan.Options)
            context.Set(key, value);
        return context.Create(plan.ReadOnly);
    }

    /// <summary>Moves a detached mount to an existing directory.</summary>
    public static void Attach(SafeFileHandle mount, string target)
    {
        using var place = DirectoryHandle.OpenPlace(target);
        if (Libc.MoveMount(mount.Descriptor(), place.Descriptor()) < 0)
            throw MountErrors.Failed("mount", target, Marshal.GetLastPInvokeError(), "");
    }
}
