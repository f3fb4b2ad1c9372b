using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// An overlay through the new mount interface: one <c>lowerdir+</c> a layer, so that neither a page limits the options nor a colon
/// or comma in a path matters, and the kernel explains in words what it refuses.
/// </summary>
internal static unsafe class ContextOverlayMount
{
    // fsconfig(2) copies a string value with strndup_user(…, 256), its NUL included.
    private const int MaxValueBytes = 255;

    /// <summary>Mounts; false where this kernel has no such interface, and nothing was done.</summary>
    public static bool TryMount(MountPlan.Overlay plan, string target)
    {
        using var kernelLog = new KernelLog();
        using var context = OpenContext(target);
        if (context is null)
            return false;
        var places = new List<SafeFileHandle>();
        try
        {
            var first = true;
            foreach (var lower in plan.Lowers)
            {
                if (!TrySet(context, "lowerdir+", Value(lower, places)))
                {
                    var errno = Marshal.GetLastPInvokeError();
                    var said = ReadLog(context);
                    // Linux 6.5 and 6.6 have the context without this parameter.
                    if (first && errno == Errno.EINVAL && (said.Length == 0 || said.Contains("nknown parameter", StringComparison.Ordinal)))
                        return false;
                    throw OverlayLimits.Failed(target, errno, Explain(said, lower));
                }
                first = false;
            }
            if (plan.Upper is { } upper)
                Set(context, "upperdir", Value(upper, places), target);
            if (plan.Work is { } work)
                Set(context, "workdir", Value(work, places), target);
            foreach (var (key, value) in plan.Options)
                Set(context, key, value, target);
            Set(context, "source", "overlay", target);
            if (Libc.Fsconfig(context.Descriptor(), Libc.FSCONFIG_CMD_CREATE, null, null) < 0)
                throw Failure(context, kernelLog, target);
            Attach(context, kernelLog, target, plan.Upper is null || plan.ReadOnly);
        }
        finally
        {
            places.ForEach(place => place.Dispose());
        }
        return true;
    }

    private static SafeFileHandle? OpenContext(string target)
    {
        var fd = Libc.Fsopen("overlay");
        if (fd >= 0)
            return new SafeFileHandle(fd, ownsHandle: true);
        var errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOSYS ? null : throw OverlayLimits.Failed(target, errno, "");
    }

    private static void Attach(SafeFileHandle context, KernelLog kernelLog, string target, bool readOnly)
    {
        var fd = Libc.Fsmount(context.Descriptor(), readOnly ? Libc.MOUNT_ATTR_RDONLY : 0);
        if (fd < 0)
            throw Failure(context, kernelLog, target);
        using var mount = new SafeFileHandle(fd, ownsHandle: true);
        using var place = DirectoryHandle.OpenPlace(target);
        if (Libc.MoveMount(mount.Descriptor(), place.Descriptor()) < 0)
            throw OverlayLimits.Failed(target, Marshal.GetLastPInvokeError(), "");
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

    private static bool TrySet(SafeFileHandle context, string key, string? value) =>
        Libc.Fsconfig(context.Descriptor(), value is null ? Libc.FSCONFIG_SET_FLAG : Libc.FSCONFIG_SET_STRING, key, value) == 0;

    private static void Set(SafeFileHandle context, string key, string? value, string target)
    {
        if (!TrySet(context, key, value))
        {
            var errno = Marshal.GetLastPInvokeError();
            throw OverlayLimits.Failed(target, errno, Explain(ReadLog(context), value is null ? key : $"{key}={value}"));
        }
    }

    private static StoreException Failure(SafeFileHandle context, KernelLog kernelLog, string target)
    {
        var errno = Marshal.GetLastPInvokeError();
        var said = ReadLog(context);
        return OverlayLimits.Failed(target, errno, said.Length > 0 ? said : kernelLog.Read(KernelLog.Overlay));
    }

    private static string Explain(string log, string setting) => log.Length > 0 ? $"{log} ({setting})" : $"it refused {setting}";

    /// <summary>What the kernel has to say: one message a read, each with a letter for its gravity and a space before it.</summary>
    private static string ReadLog(SafeFileHandle context)
    {
        var messages = new List<string>();
        var buffer = stackalloc byte[1024];
        while (messages.Count < 16)
        {
            var length = Libc.Read(context.Descriptor(), buffer, 1024);
            if (length <= 0)
                break;
            var text = Encoding.UTF8.GetString(buffer, (int)length).Trim();
            messages.Add(text is [_, ' ', ..] ? text[2..] : text);
        }
        return string.Join("; ", messages);
    }
}
