using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Tests.Hostile;

/// <summary>
/// The table in a process of its own, where nothing else takes memory, opens files or mounts: <c>hostile DIRECTORY DRIVER</c>. Runs it twice, since the first time opens what stays open, and prints
/// what was not as it should be.
/// </summary>
internal static class HostileProcess
{
    public static int Run(string directory, string driver)
    {
        using var hostile = new HostileImports(driver, directory);
        foreach (var failure in hostile.Run())
            Console.WriteLine(failure);
        var (descriptors, mounts) = (Descriptors(), MountTable.Below(directory).Count);
        foreach (var failure in hostile.Run())
            Console.WriteLine("the second time, " + failure);
        if (Descriptors() is var after && after > descriptors)
            Console.WriteLine($"{after - descriptors} descriptors stayed open");
        if (MountTable.Below(directory).Count > mounts)
            Console.WriteLine("something stayed mounted");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak {PeakMebibytes()}"));
        return 0;
    }

    private static int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    private static long PeakMebibytes() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
