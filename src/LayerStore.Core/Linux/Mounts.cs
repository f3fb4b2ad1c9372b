using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Mounts, unmounts and asks, by system calls.</summary>
internal sealed unsafe class Mounts(MountInterface overlayInterface = MountInterface.Automatic) : IMounts
{
    // For a mount that no process can be seen to use: whoever holds it is not long there.
    private static readonly TimeSpan UnseenWait = TimeSpan.FromSeconds(5);

    public void Mount(MountPlan plan, string target)
    {
        switch (plan)
        {
            case MountPlan.Directory:
                return;
            case MountPlan.Bind bind:
                BindMount.Mount(bind, target);
                break;
            case MountPlan.FileSystem fileSystem:
                FileSystemMount.Mount(fileSystem, target);
                break;
            case MountPlan.Overlay overlay:
                MountOverlay(overlay, target);
                break;
            case MountPlan.Aufs aufs:
                AufsMount.Mount(aufs, target);
                break;
            default:
                throw new ArgumentException($"Unknown mount plan {plan.GetType().Name}.", nameof(plan));
        }

        // Below a shared mount (systemd shares /) the new mount is shared as well; what is mounted inside a container must not spread.
        if (Libc.Mount("none", target, null, Libc.MS_PRIVATE, null) < 0)
        {
            var failure = LinuxError.Last("make private the mount", target);
            _ = Libc.Umount2(target, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW);
            throw failure;
        }
    }

    public SafeFileHandle MountDetached(MountPlan plan, string target)
    {
        Mount(plan, target);
        try
        {
            return DirectoryHandle.Open(target);
        }
        finally
        {
            _ = Libc.Umount2(target, Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW);
        }
    }

    public void Unmount(string target)
    {
        AufsMount.FlushLinks(target);
        var users = "";
        var error = BusyRetry.Run(() => TryUnmount(target), Errno.EBUSY, BusyRetry.Usual);
        if (error == Errno.EBUSY && (users = MountUsers.Describe(target)).Length == 0)
            error = BusyRetry.Run(() => TryUnmount(target), Errno.EBUSY, UnseenWait);
        switch (error)
        {
            // EINVAL: not a mount point; ENOENT: not even a directory.
            case 0 or Errno.EINVAL or Errno.ENOENT:
                return;
            case Errno.EBUSY:
                throw Busy(target, users);
            default:
                throw LinuxError.From(error, "unmount", target);
        }
    }

    public void MountInto(SafeFileHandle source, SafeFileHandle directory, byte[] name, bool readOnly, string display) =>
        BindMount.MountInto(source, directory, name, readOnly, display);

    public void UnmountIn(SafeFileHandle directory, byte[] name, string display)
    {
        var path = DirectoryHandle.EntryPath(directory.Descriptor(), FileName.Terminated(name));
        var error = BusyRetry.Run(() => TryUnmount(path), Errno.EBUSY, BusyRetry.Usual);
        switch (error)
        {
            case 0 or Errno.EINVAL or Errno.ENOENT:
                return;
            case Errno.EBUSY:
                throw Busy(display, MountUsers.Describe($"{DirectoryHandle.Describe(directory.Descriptor())}/{Printable.Escape(name)}"));
            default:
                throw LinuxError.From(error, "unmount", display);
        }
    }

    public bool IsMounted(string path)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
        {
            if (Libc.Statx(Libc.AT_FDCWD, name, Libc.AT_SYMLINK_NOFOLLOW | Libc.AT_STATX_DONT_SYNC, Libc.STATX_TYPE, &data) < 0)
                return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? false : throw LinuxError.Last("look at", path);
        }
        // Linux 5.8 tells; before, the table of mounts does.
        return (data.AttributesMask & Libc.STATX_ATTR_MOUNT_ROOT) != 0
            ? (data.Attributes & Libc.STATX_ATTR_MOUNT_ROOT) != 0
            : MountTable.Contains(path);
    }

    private void MountOverlay(MountPlan.Overlay plan, string target)
    {
        if (plan.Lowers.Count > OverlayLimits.MaxLowers)
            throw OverlayLimits.TooDeep(target, plan.Lowers.Count, OverlayLimits.MaxLowers, "the kernel stacks no more (OVL_MAX_STACK)");
        if (overlayInterface == MountInterface.Classic)
            ClassicOverlayMount.Mount(plan, target);
        else if (!ContextOverlayMount.TryMount(plan, target))
        {
            if (overlayInterface == MountInterface.Contexts)
                throw MountErrors.Failed("overlay", target, Errno.ENOSYS, "this kernel does not mount overlays through fsopen(2) with lowerdir+");
            ClassicOverlayMount.Mount(plan, target);
        }
    }

    private static StoreException Busy(string target, string users) => new(
        ErrorIds.MountBusy, StoreErrorKind.InUse, target,
        $"The mount '{Printable.Escape(target)}' is in use{(users.Length > 0 ? " by " + users : "")}.",
        "Leave the directory (cd), close the files below it or end the processes, then dismount again.");

    private static int TryUnmount(byte[] terminatedPath)
    {
        fixed (byte* path = terminatedPath)
            return Libc.Umount2(path, Libc.UMOUNT_NOFOLLOW) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static int TryUnmount(string target) =>
        Libc.Umount2(target, Libc.UMOUNT_NOFOLLOW) == 0 ? 0 : Marshal.GetLastPInvokeError();
}
