using LayerStore.Linux;

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

    public void Unmount(string target)
    {
        watch(nameof(Unmount));
        _kernel.Unmount(target);
        watch(nameof(Unmount) + ".");
    }

    public bool IsMounted(string path) => _kernel.IsMounted(path);
}
