using System.Diagnostics;

namespace LayerStore.Bench.Measuring;

/// <summary>Lets contenders run in turns (A B C, A B C …), so that a slow minute of the machine hits all of them.</summary>
internal static class Race
{
    public static void Run(Row row, BenchOptions options, IReadOnlyList<Contender> contenders)
    {
        var samples = contenders.ToDictionary(c => c, c => new Samples(c.Name, c.Remark) { Missing = c.Missing });
        row.Samples.AddRange(contenders.Select(c => samples[c]));
        Console.WriteLine($"bench: {row.Name}: {row.Work}");
        for (var round = -options.WarmUps; round < options.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var mine = samples[contender];
                if (mine.Missing is null && (!contender.IsSlow || round < options.PeerRounds))
                {
                    RunOnce(contender, mine, isWarmUp: round < 0, options.Verbose);
                }
            }
        }

        foreach (var mine in row.Samples)
        {
            Console.WriteLine(mine.HasAny
                ? $"  {mine.Name,-34} median {Goal.Format(mine.Median),10}   min {Goal.Format(mine.Minimum),10}   ({mine.Seconds.Count} runs)"
                : $"  {mine.Name,-34} not measured: {mine.Missing}");
        }
    }

    private static void RunOnce(Contender contender, Samples samples, bool isWarmUp, bool verbose)
    {
        try
        {
            contender.Prepare();
            try
            {
                var start = Stopwatch.GetTimestamp();
                contender.Run();
                var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (!isWarmUp)
                {
                    samples.Add(took);
                }

                if (verbose)
                {
                    Console.WriteLine($"  {(isWarmUp ? "warm-up " : "")}{contender.Name}: {Goal.Format(took)}");
                }
            }
            finally
            {
                contender.Clean();
            }
        }
#pragma warning disable CA1031 // A contender that fails, however it fails, is a line of the report that says why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            samples.Missing = e.Message.Split('\n')[0];
            if (verbose)
            {
                Console.WriteLine(e);
            }
        }
    }
}
