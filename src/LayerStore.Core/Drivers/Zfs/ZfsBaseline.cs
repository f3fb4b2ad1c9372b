using System.Globalization;

namespace LayerStore.Drivers.Zfs;

/// <summary>
/// What a new clone has written without anybody's doing: the one block that stands at its top. Every change writes this block again and those on the way to it, so that as long as
/// <c>written</c> is still this number nothing was changed since. How big the block is depends on the pool, so it is noted down.
/// </summary>
internal static class ZfsBaseline
{
    // More than a block that only points to others ever takes, on whatever disks.
    private const long Most = 1 << 18;

    /// <summary>Whether a layer still is what it was when it was cloned.</summary>
    /// <param name="path">Where that was noted.</param>
    /// <param name="usage">What the pool says of it now.</param>
    public static bool IsStill(string path, ZfsUsage usage) => usage.IsSinceOrigin && usage.Written <= Most && Read(path) == usage.Written;

    /// <summary>Notes it down.</summary>
    public static void Write(string path, long bytes) => File.WriteAllText(path, bytes.ToString(CultureInfo.InvariantCulture));

    private static long? Read(string path)
    {
        try
        {
            return long.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
