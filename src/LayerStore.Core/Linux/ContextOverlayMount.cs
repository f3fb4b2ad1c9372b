using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// An overlay through the new mount interface: one <c>lowerdir+</c> a layer, so that neither a page limits the options nor a colon
/// or comma in a path matters, and the kernel explains in words what it refuses.
/// </summary>
internal static class ContextOverlayMount
{
    // fsconfig(2) copies a string value with strndup_user(…, 256), its NUL included.
    private const int MaxValueBytes = 255;

    private static bool s_checksNames;

    /// <summary>Mounts; false where this kernel has no such interface, and nothing was done.</summary>
    public static bool TryMount(MountPlan.Overlay plan, string target)
    {
        using var context = MountContext.TryOpen("overlay", target);
        if (context is null || !ChecksNames(context))
            return false;
        var places = new List<SafeFileHandle>();
        try
        {
            var first = true;
            foreach (var lower in plan.Lowers)
            {
                if (!context.TrySet("lowerdir+", Value(lower, places)))
                {
                    var errno = Marshal.GetLastPInvokeError();
                    var said = context.ReadLog();
                    // Linux 6.5 and 6.6 have the context without this parameter.
                    if (first && errno == Errno.EINVAL && (said.Length == 0 || said.Contains("nknown parameter", StringComparison.Ordinal)))
                        return false;
                    throw MountErrors.Failed("overlay", target, errno, MountContext.Explain(said, lower));
                }
                first = false;
            }
            if (plan.Upper is { } upper)
                context.Set("upperdir", Value(upper, places));
            if (plan.Work is { } work)
                context.Set("workdir", Value(work, places));
            foreach (var (key, value) in plan.Options)
                context.Set(key, value);
            context.Set("source", "overlay");
            using var mount = context.Create(plan.Upper is null || plan.ReadOnly);
            FileSystemMount.Attach(mount, target);
        }
        finally
        {
            places.ForEach(place => place.Dispose());
        }
        return true;
    }

    // Before Linux 6.5 the context only gathers options for overlayfs's old parser: it takes any name, and creating the mount fails.
    private static bool ChecksNames(MountContext context)
    {
        if (s_checksNames)
            return true;
        if (context.TrySet("no-such-option", ""))
            return false;
        _ = context.ReadLog(); // What it says of that name is no reason of a later failure.
        return s_checksNames = true;
    }

    /// <summary>A path as the kernel takes it whole; a long one, or one with characters that overlayfs would unescape, by an open handle.</summary>
    private static string Value(string path, List<SafeFileHandle> places)
    {
        if (Encoding.UTF8.GetByteCount(path) <= MaxValueBytes && path.AsSpan().IndexOfAny('\\', ':', ',') < 0)
            return path;
        var place = DirectoryHandle.OpenPlace(path);
        places.Add(place);
        return $"/proc/self/fd/{place.Descriptor()}";
    }
}
