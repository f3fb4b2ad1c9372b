namespace LayerStore.Tests.Environments;

/// <summary>What tests could leave behind in a guest, whose only work they are: mounts, devices, pools, files.</summary>
internal static class GuestLeftovers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>All that there is now.</summary>
    public static HashSet<string> Look() =>
    [
        .. File.ReadLines("/proc/self/mountinfo").Select(line => $"mount {line.Split(' ')[4]}"),
        .. Entries("/sys/block", "loop*").Where(device => File.Exists($"{device}/loop/backing_file")).Select(device => $"loop device {Path.GetFileName(device)}"),
        .. Entries("/sys/block", "dm-*").Select(device => $"mapped device {File.ReadAllText($"{device}/dm/name").Trim()}"),
        .. Entries("/proc/spl/kstat/zfs", "*").Where(Directory.Exists).Select(pool => $"pool {Path.GetFileName(pool)}"),
        .. Entries("/tmp", "*").Concat(Entries("/dev/shm", "*")).Where(file => !IsOfRuntime(Path.GetFileName(file))).Select(file => $"file {file}"),
    ];

    /// <summary>What there is more than before; waits a moment for what the kernel frees in its own time.</summary>
    public static IReadOnlyList<string> Since(HashSet<string> before)
    {
        var deadline = DateTime.UtcNow + s_patience;
        while (true)
        {
            var left = Look().Except(before).Order(StringComparer.Ordinal).ToList();
            if (left.Count == 0 || DateTime.UtcNow > deadline)
                return left;
            Thread.Sleep(100);
        }
    }

    private static IEnumerable<string> Entries(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, pattern) : [];

    private static bool IsOfRuntime(string name) =>
        name == ".dotnet" || name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) || name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal);
}
