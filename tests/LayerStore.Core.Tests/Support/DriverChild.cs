using LayerStore.Archives;
using LayerStore.Drivers;

namespace LayerStore.Tests.Support;

/// <summary>
/// What another process, often with less privilege, does with a driver: applies layers, runs a container on them, and writes down what it sees.
/// <c>driver NAME DIRECTORY LAYER.tar …</c>
/// </summary>
internal static class DriverChild
{
    public static int Run(string driver, string directory, params ReadOnlySpan<string> archives)
    {
        using var play = new DriverPlayground(driver, directory);
        var chain = new List<LayerId>();
        foreach (var archive in archives)
        {
            var id = LayerId.New();
            play.Driver.Prepare(id, LayerPurpose.Image, play.Driver.Features.HasFlag(DriverFeatures.AppliesOnParent) ? chain : []);
            var target = play.Driver.OpenForApply(id);
            ExtractedLayer extracted;
            using (target.Directory)
            using (var stream = File.OpenRead(archive))
                extracted = LayerExtractor.Extract(stream, target, ExtractionLimits.Default, null, CancellationToken.None);
            play.Driver.CompleteApply(id, chain, extracted);
            play.Driver.WriteIdentity(id, "{}"u8);
            play.Driver.Commit(id);
            chain.Insert(0, id);
        }
        play.Driver.Sync();
        var (container, mount) = play.Run([.. chain]);
        using (mount)
        {
            Print("tree", TreeFingerprint.Of(mount.Root, times: false));
            Print("unchanged", play.Changes(container, [.. chain]));
            mount.Write("written", "12345");
            File.Delete(mount.At("deleted"));
            Directory.Delete(mount.At("made-again"), recursive: true);
            Directory.CreateDirectory(mount.At("made-again"));
            Print("changes", play.Changes(container, [.. chain]));
            Print("bytes", [$"{play.Driver.Measure(container, chain).Bytes}"]);
            Print("listing", Drivers.DriverConformance.Listing(mount.Root));
        }
        foreach (var layer in chain.Append(container))
            play.Driver.Remove(layer);
        Print("left", [.. play.Driver.Enumerate().Select(layer => layer.Id.Value)]);
        return 0;
    }

    /// <summary>Says why a driver does not work in a directory, and which driver is chosen for it.</summary>
    public static int Probe(string directory, string driver)
    {
        var failure = DriverCatalog.Get(driver).Probe(directory).Failure;
        Console.WriteLine($"{driver}: {failure?.Name}: {failure?.Evidence} {failure?.Remedy}");
        Console.WriteLine($"chosen: {DriverCatalog.Choose(directory).Name}");
        return 0;
    }

    private static void Print(string what, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.WriteLine($"{what}: {line}");
    }
}
