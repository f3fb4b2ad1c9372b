using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Tests.Support;

/// <summary>The kernel's mounts, telling of each call before and after it.</summary>
internal sealed class WatchedMounts(Action<string> watch) : IMounts
{
    private readonly Mounts _kernel = new();

    public void Mount(MountPlan plan, string target)
    {
        watch(nameof(Mount));
        _kernel.Mount(plan, target);
        watch(nameof(Mount) + ".");
    }

    public SafeFileHandle MountDetached(MountPlan plan, string target)
    {
        watch(nameof(MountDetached));
        var root = _kernel.MountDetached(plan, target);
        watch(nameof(MountDetached) + ".");
        return root;
    }

    public void Unmount(string target)
    {
        watch(nameof(Unmount));
        _kernel.Unmount(target);
        watch(nameof(Unmount) + ".");
    }

    public void MountInto(SafeFileHandle source, SafeFileHandle directory, byte[] name, bool readOnly, string display)
    {
        watch(nameof(MountInto));
        _kernel.MountInto(source, directory, name, readOnly, display);
        watch(nameof(MountInto) + ".");
    }

    public void UnmountIn(SafeFileHandle directory, byte[] name, string display)
    {
        watch(nameof(UnmountIn));
        _kernel.UnmountIn(directory, name, display);
        watch(nameof(UnmountIn) + ".");
    }

    public bool IsMounted(string path) => _kernel.IsMounted(path);
}
