using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>Executes mount plans. Behind an interface, so that what is decided can be tested without privilege.</summary>
internal interface IMounts
{
    /// <summary>Mounts <paramref name="plan"/> at an existing directory. A <see cref="MountPlan.Directory"/> needs no mount and is left alone.</summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.MountFailed"/> with the kernel's own explanation, <see cref="ErrorIds.LayerDepthExceeded"/>,
    /// <see cref="ErrorIds.PermissionDenied"/>.
    /// </exception>
    void Mount(MountPlan plan, string target);

    /// <summary>
    /// As <see cref="Mount"/>, and takes the mount from its place at once: it is reached by the handle of its root directory and by what is opened below it, and goes with the last of these.
    /// </summary>
    SafeFileHandle MountDetached(MountPlan plan, string target);

    /// <summary>Unmounts what is mounted at <paramref name="target"/>; where nothing is, that is no error.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountBusy"/> with the processes that use it, as far as they can be seen.</exception>
    void Unmount(string target);

    /// <summary>Mounts an open directory on one inside of an open directory; what is mounted there spreads nowhere, and nothing that is mounted below the source comes along.</summary>
    /// <param name="source">What is shown.</param>
    /// <param name="directory">The directory that has the mount point.</param>
    /// <param name="name">The mount point's name in it, a directory; never followed where it became a link.</param>
    /// <param name="readOnly">True where every write shall fail.</param>
    /// <param name="display">The mount point as messages name it.</param>
    /// <exception cref="StoreException">As for <see cref="Mount"/>.</exception>
    void MountInto(SafeFileHandle source, SafeFileHandle directory, byte[] name, bool readOnly, string display);

    /// <summary>Unmounts what is mounted on an entry of an open directory; where nothing is, that is no error.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.MountBusy"/>.</exception>
    void UnmountIn(SafeFileHandle directory, byte[] name, string display);

    /// <summary>True where <paramref name="path"/> is the root of a mount in this process's mount namespace.</summary>
    bool IsMounted(string path);
}
