using System.Diagnostics;
using System.Globalization;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>
/// Cuts the power of a guest that works on a store, again and again, and has each next boot check the store: <c>power-cuts GUEST-FOLDER DRIVER CUTS [SEED]</c>. The guest is killed as it is, so what its
/// kernel had not yet given to the disk is lost; what it had given is there, in the order in which it was given.
/// </summary>
internal static class PowerCutProgram
{
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(20);

    public static int Run(string guestFolder, string[] words)
    {
        var (driver, cuts) = (words[0], int.Parse(words[1], CultureInfo.InvariantCulture));
        var seed = words.Length > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : Environment.TickCount;
        var random = new Random(seed);
        using var place = new TestDirectory();
        var disks = new[] { place["disk"], place["pool"] };
        foreach (var disk in disks)
        {
            using var file = File.Create(disk);
            file.SetLength(4L << 30);
        }
        Console.WriteLine($"Cutting the power {cuts} times under {driver}, seed {seed} ...");
        for (var cut = 1; cut <= cuts + 1; cut++)
        {
            File.Delete(place["state"]);
            using var process = Start(guestFolder, driver, place.Path, disks, cut <= cuts ? "work" : "check", seed);
            // One cut in three comes while the store is still being opened and checked.
            var (from, longest) = random.Next(3) == 0 ? ("open", 3000) : ("work", 6000);
            var ended = cut > cuts || !AwaitState(process, place["state"], from);
            if (!ended)
                ended = process.WaitForExit(random.Next(longest));
            if (!ended)
                _ = Libc.Kill(process.Id, 15); // The runner ends the guest by SIGKILL.
            process.WaitForExit();
            if (ended && (cut <= cuts || process.ExitCode != 0))
            {
                Console.WriteLine($"FAILED after {cut - 1} cuts, seed {seed}: the guest ended with {process.ExitCode}.\n{(File.Exists(place["log"]) ? File.ReadAllText(place["log"]) : "It finished no step.")}");
                return 1;
            }
        }
        var log = PowerCutLog.Read(place["log"]);
        var copies = File.ReadAllLines(place["checks"]).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        var again = driver == "vfs" ? $" {copies.Sum()} new containers were made again," : "";
        Console.WriteLine($"{driver}: {cuts} power cuts survived; {copies.Count} boots found all as it should be,{again} {log.Steps} steps were finished: {string.Join(", ", log.Counts.Select(count => $"{count.Key} {count.Value}"))}.");
        return 0;
    }

    private static Process Start(string guestFolder, string driver, string folder, string[] disks, string what, int seed)
    {
        var start = new ProcessStartInfo(Path.Combine(guestFolder, "run"),
        [
            "-s", folder, .. disks.SelectMany(disk => new[] { "-f", disk }), .. driver == "zfs" ? ["-z"] : Array.Empty<string>(), "--",
            Environment.ProcessPath!, "exec", typeof(PowerCutProgram).Assembly.Location, "power-cut-guest", driver, what, seed.ToString(CultureInfo.InvariantCulture),
        ]);
        return Process.Start(start)!;
    }

    /// <summary>Waits until the guest has come so far; false where it ended before.</summary>
    private static bool AwaitState(Process process, string path, string state)
    {
        while (!process.WaitForExit(s_glance))
        {
            if (File.Exists(path) && File.ReadAllText(path).Contains(state, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
