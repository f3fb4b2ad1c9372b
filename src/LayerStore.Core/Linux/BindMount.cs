using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Bind mounts. A read-only one is read-only from its first moment where the kernel has mount_setattr(2) (5.12).</summary>
internal static class BindMount
{
    public static void Mount(MountPlan.Bind plan, string target)
    {
        if (!TryMountDetached(plan, target))
            MountThenRemount(plan, target);
    }

    private static bool TryMountDetached(MountPlan.Bind plan, string target)
    {
        using var source = DirectoryHandle.OpenPlace(plan.Source);
        var fd = Libc.CloneTree(source.Descriptor());
        if (fd < 0)
            return Unavailable() ? false : throw Failure(target);
        using var mount = new SafeFileHandle(fd, ownsHandle: true);
        if (plan.ReadOnly && Libc.MountSetAttributes(mount.Descriptor(), Libc.MOUNT_ATTR_RDONLY) < 0)
            return Unavailable() ? false : throw Failure(target);
        if (plan.KeepsAccessTimes && Libc.MountSetAttributes(mount.Descriptor(), Libc.MOUNT_ATTR_NOATIME, Libc.MOUNT_ATTR__ATIME) < 0)
            return Unavailable() ? false : throw Failure(target);
        FileSystemMount.Attach(mount, target);
        return true;
    }

    /// <summary>As <see cref="IMounts.MountInto"/>.</summary>
    public static void MountInto(SafeFileHandle source, SafeFileHandle directory, byte[] name, bool readOnly, string display)
    {
        using var place = RootedPath.TryEnter(directory, name, Libc.O_PATH, crossesMounts: true) ?? throw LinuxError.Last("open the directory", display);
        var fd = Libc.CloneTree(source.Descriptor());
        if (fd < 0 && !Unavailable())
            throw Failure(display);
        if (fd < 0)
        {
            if (Libc.Mount(source.ProcPath(), place.ProcPath(), null, Libc.MS_BIND, null) < 0)
                throw Failure(display);
        }
        else
        {
            using var mount = new SafeFileHandle(fd, ownsHandle: true);
            var isSet = Libc.MountSetAttributes(mount.Descriptor(), readOnly ? Libc.MOUNT_ATTR_RDONLY : 0, propagation: Libc.MS_PRIVATE) == 0;
            if (!isSet && !Unavailable())
                throw Failure(display);
            if (Libc.MoveMount(mount.Descriptor(), place.Descriptor()) < 0)
                throw Failure(display);
            if (isSet)
                return;
        }
        SetLater(directory, name, readOnly, display);
    }

    /// <summary>What kernels before 5.12 let be set only of a mount that stands already.</summary>
    private static void SetLater(SafeFileHandle directory, byte[] name, bool readOnly, string display)
    {
        using var top = RootedPath.TryEnter(directory, name, Libc.O_PATH, crossesMounts: true) ?? throw LinuxError.Last("open the directory", display);
        if (Libc.Mount("none", top.ProcPath(), null, Libc.MS_PRIVATE, null) == 0
            && (!readOnly || Libc.Mount("none", top.ProcPath(), null, Libc.MS_BIND | Libc.MS_REMOUNT | Libc.MS_RDONLY, null) == 0))
            return;
        var failure = Failure(display);
        _ = Libc.Umount2(top.ProcPath(), Libc.MNT_DETACH);
        throw failure;
    }

    internal static void MountThenRemount(MountPlan.Bind plan, string target)
    {
        if (Libc.Mount(plan.Source, target, null, Libc.MS_BIND, null) < 0)
            throw Failure(target);
        var flags = (plan.ReadOnly ? Libc.MS_RDONLY : 0) | (plan.KeepsAccessTimes ? Libc.MS_NOATIME : 0);
        if (flags == 0 || Libc.Mount("none", target, null, Libc.MS_BIND | Libc.MS_REMOUNT | flags, null) == 0)
            return;
        var failure = Failure(target);
        _ = Libc.Umount2(target, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW);
        throw failure;
    }

    private static bool Unavailable() => Marshal.GetLastPInvokeError() == Errno.ENOSYS;

    private static StoreException Failure(string target) => MountErrors.Failed("mount", target, Marshal.GetLastPInvokeError(), "");
}
