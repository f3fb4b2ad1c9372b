using System.Globalization;

namespace LayerStore.Tests.Fuzzing;

/// <summary>
/// Fuzzes by hand: <c>fuzz MINUTES SEED [TARGET]</c>, with a seed of 0 for one by chance. Goes round the targets, some seconds each with a new seed, until the time is over or one of them fails.
/// </summary>
internal static class FuzzProgram
{
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(10);

    public static int Run(string minutes, string seed, string only)
    {
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        var next = int.Parse(seed, CultureInfo.InvariantCulture);
        if (next == 0)
            next = Random.Shared.Next(1, int.MaxValue / 2);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var failed = 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The first seed is {next}."));
        for (; DateTime.UtcNow < end && failed == 0; next++)
        {
            foreach (var (name, make) in Fuzzer.Targets.Where(target => only.Length == 0 || target.Key == only))
            {
                var left = end - DateTime.UtcNow;
                if (left <= TimeSpan.Zero)
                    break;
                // Should the process die of it, of a stack that is full, this line says where.
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, seed {next}"));
                using var target = make();
                var fuzzer = new Fuzzer(target, next);
                if (fuzzer.Run(left < s_turn ? left : s_turn) is { } fault)
                {
                    Console.WriteLine($"{name}: {fault}");
                    failed++;
                }
                counts[name] = counts.GetValueOrDefault(name) + fuzzer.Count;
            }
        }
        foreach (var (name, count) in counts)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {count,10} inputs"));
        return failed == 0 ? 0 : 1;
    }
}
