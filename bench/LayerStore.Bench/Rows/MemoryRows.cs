using System.Globalization;
using LayerStore.Bench.Measuring;

namespace LayerStore.Bench.Rows;

/// <summary>The most memory that a fresh process has resident while it imports; .NET itself is in it.</summary>
internal static class MemoryRows
{
    private const long Limit = 200_000_000;

    public static void Measure(Arena arena)
    {
        if (!arena.Options.Wants("memory"))
        {
            return;
        }

        var row = new Row("memory", "peak resident memory of a fresh process while importing");
        arena.Done.Add(row);
        Console.WriteLine($"bench: {row.Name}: {row.Work}");
        var (petclinic, many, deep, heavy) = (arena.Images.Petclinic(), arena.Images.Many(), arena.Images.Deep100(), arena.Images.Heavy());
        foreach (var (name, path) in new[]
        {
            ("400 MB, plain", petclinic.Plain), ("400 MB, gzip", petclinic.Gzip!), ("400 MB, zstd", petclinic.Zstd!),
            ("100,000 files", many.Plain), ("100 layers", deep.Plain), ("a file of 2 GiB and 300,000 entries, gzip", heavy.Gzip!),
        })
        {
            long peak = 0;
            string text;
            try
            {
                peak = Worker.Start("import", Path.Combine(arena.Ours.Path, "store"), path);
                text = (peak / 1e6).ToString("0", CultureInfo.InvariantCulture) + " MB";
            }
            catch (InvalidOperationException e)
            {
                text = "not measured: " + e.Message.Split('\n')[0];
            }
            finally
            {
                arena.Ours.Empty();
            }

            row.Facts.Add((name, text, peak is > 0 and < Limit, "under 200 MB"));
            Console.WriteLine($"  {name,-44} {text}");
        }
    }
}
