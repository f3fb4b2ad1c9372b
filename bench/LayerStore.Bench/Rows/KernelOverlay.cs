using System.Runtime.InteropServices;
using LayerStore.Linux;

namespace LayerStore.Bench.Rows;

/// <summary>The least that a container on overlay costs: directories, one mount call, one umount call.</summary>
internal sealed class KernelOverlay
{
    private readonly string _home;
    private readonly string _merged;
    private readonly string _options;

    public KernelOverlay(string home, int lowers)
    {
        _home = Path.Combine(home, "c");
        _merged = Path.Combine(_home, "merged");
        var lower = Enumerable.Range(0, lowers).Select(i => Directory.CreateDirectory(Path.Combine(home, FormattableString.Invariant($"lower{i}"))).FullName);
        _options = $"lowerdir={string.Join(':', lower)},upperdir={_home}/diff,workdir={_home}/work";
    }

    /// <summary>Where it is mounted.</summary>
    public string MergedPath => _merged;

    public void Make()
    {
        Directory.CreateDirectory(Path.Combine(_home, "diff"));
        Directory.CreateDirectory(Path.Combine(_home, "work"));
        Directory.CreateDirectory(_merged);
    }

    public void Mount() => Check(Libc.Mount("overlay", _merged, "overlay", 0, _options), "mount an overlay");

    public void Unmount() => Check(Libc.Umount2(_merged, 0), "unmount an overlay");

    public void Remove() => Directory.Delete(_home, recursive: true);

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"could not {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }
}
