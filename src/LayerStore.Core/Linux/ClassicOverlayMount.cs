using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Linux;

/// <summary>
/// An overlay through mount(2), for kernels without <see cref="ContextOverlayMount"/>. All options share one page, therefore long lists name their layers as
/// <c>/proc/self/fd/N</c>: short, absolute, and no working directory has to change.
/// </summary>
internal static class ClassicOverlayMount
{
    public static void Mount(MountPlan.Overlay plan, string target)
    {
        // The kernel copies at most a page and wants its last byte to be NUL.
        var room = Environment.SystemPageSize - 1;
        var places = new List<SafeFileHandle>();
        try
        {
            var data = Options(plan, path => path);
            if (Encoding.UTF8.GetByteCount(data) > room || NeedsHandles(plan))
                data = Options(plan, path =>
                {
                    var place = DirectoryHandle.OpenPlace(path);
                    places.Add(place);
                    return $"/proc/self/fd/{place.Descriptor()}";
                });
            if (data.Length > room)
                throw OverlayLimits.TooDeep(target, plan.Lowers.Count, plan.Lowers.Count * room / data.Length,
                    $"this kernel takes the layers' names in one page of {Environment.SystemPageSize} bytes only; Linux 6.7 has no such limit");
            using var log = new KernelLog();
            if (Libc.Mount("overlay", target, "overlay", plan.Upper is null || plan.ReadOnly ? Libc.MS_RDONLY : 0, data) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                throw MountErrors.Failed("overlay", target, errno, log.Read(KernelLog.PrefixOf("overlay")));
            }
        }
        finally
        {
            places.ForEach(place => place.Dispose());
        }
    }

    // A colon separates layers, a comma options, and a backslash escapes both: a handle's path has none of them.
    private static bool NeedsHandles(MountPlan.Overlay plan) =>
        plan.Lowers.Append(plan.Upper).Append(plan.Work).Any(path => path?.AsSpan().IndexOfAny('\\', ':', ',') >= 0);

    private static string Options(MountPlan.Overlay plan, Func<string, string> name)
    {
        var data = new StringBuilder();
        foreach (var (key, value) in plan.Options)
            data.Append(key).Append(value is null ? "" : "=").Append(value).Append(',');
        data.Append("lowerdir=").AppendJoin(':', plan.Lowers.Select(name));
        if (plan.Upper is { } upper)
            data.Append(",upperdir=").Append(name(upper));
        if (plan.Work is { } work)
            data.Append(",workdir=").Append(name(work));
        return data.ToString();
    }
}
