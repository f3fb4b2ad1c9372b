using LayerStore.Linux;

namespace LayerStore.Drivers.Overlay2;

/// <summary>Tries whether an overlay's upper directory can be limited: writes into one until the limit says no.</summary>
internal static class Overlay2QuotaProbe
{
    public const string CheckName = "project quota";

    private const int Limit = 1 << 20;

    /// <summary>Tries it with an overlay, as a container would: overlayfs holds even root to the limit, which ext4 alone does not.</summary>
    /// <param name="place">The probe's directory.</param>
    /// <param name="mount">Mounts an overlay on upper and work directories at a target.</param>
    public static (bool Passed, string Evidence) Run(ProbeDirectory place, Action<string, string, string> mount)
    {
        if (LayerProjects.TryOpen(Overlay2DriverFactory.DriverName, place.Path, out var missing) is not { } projects)
            return (false, missing);
        string[] parts = [place.Make("upper-q"), place.Make("work-q")];
        projects.Adopt(parts, new LayerQuota(Limit));
        var project = projects.Of(parts[0]);
        try
        {
            var merged = place.Make("merged-q");
            mount(parts[0], parts[1], merged);
            return Write(Path.Combine(merged, "big"))
                ? (false, $"{2 * Limit} bytes could be written below a limit of {Limit}")
                : projects.Read(parts[0]) is { AllocatedBytes: var bytes, AllocatedInodes: var inodes } && bytes is > Limit / 2 and <= Limit && inodes >= 3
                    ? (true, $"writing stopped at a limit of {Limit} bytes, and the file system counts {bytes} bytes and {inodes} inodes")
                    : (false, "the file system does not count what was written");
        }
        finally
        {
            projects.Release(project);
        }
    }

    /// <summary>False where the limit refuses it.</summary>
    private static bool Write(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[Limit / 16];
            for (var written = 0; written < 2 * Limit; written += block.Length)
                file.Write(block);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException e) when (e.HResult is Errno.ENOSPC or Errno.EDQUOT)
        {
            return false;
        }
    }
}
