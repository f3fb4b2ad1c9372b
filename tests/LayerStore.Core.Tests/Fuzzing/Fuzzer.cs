using System.Diagnostics;
using System.Globalization;

namespace LayerStore.Tests.Fuzzing;

/// <summary>Runs a target on inputs that are the same for the same seed, and makes the input that fails small.</summary>
internal sealed class Fuzzer(FuzzTarget target, int seed)
{
    // Of the clock, so that a busy machine, or the lowest priority, must fit in.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60), s_shrinking = TimeSpan.FromSeconds(20);

    /// <summary>Everything that can be fuzzed by its name, made when it is asked for.</summary>
    public static IReadOnlyDictionary<string, Func<FuzzTarget>> Targets { get; } = new Dictionary<string, Func<FuzzTarget>>
    {
        ["tar"] = () => new TarTarget(),
        ["layer"] = () => new LayerTarget(),
        ["document"] = () => new DocumentTarget(),
        ["reference"] = () => new ReferenceTarget(),
        ["tar-split"] = () => new TarSplitTarget(),
        ["compression"] = () => new CompressionTarget(),
        ["yaml"] = () => new ConfigurationTarget(),
    };

    /// <summary>How many inputs were run.</summary>
    public int Count { get; private set; }

    /// <summary>Runs for a time; says what failed, or null.</summary>
    public string? Run(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            var input = Make(Count);
            if (Try(input) is { } fault)
                return Describe(input, fault);
            Count++;
        }
        return null;
    }

    /// <summary>The input of a number: nothing but the seed and the number decides it.</summary>
    public byte[] Make(int number) => target.Make(new Random(unchecked(seed * 1_000_003 + number)));

    private Exception? Try(byte[] input)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Any exception that a target lets out is what is looked for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
        return Stopwatch.GetElapsedTime(start) is var elapsed && elapsed > s_patience ? new FuzzFault($"an input takes little time, and not {elapsed}") : null;
    }

    private string Describe(byte[] input, Exception fault)
    {
        var small = Shrink(input, fault);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}, input {Count}: {Try(small) ?? fault}\nThe input, {small.Length} of {input.Length} bytes: Convert.FromBase64String(\"{Convert.ToBase64String(small)}\")");
    }

    /// <summary>Takes pieces away, large ones first, and makes zeros of what is left, as long as it fails in the same way.</summary>
    private byte[] Shrink(byte[] input, Exception fault)
    {
        var start = Stopwatch.GetTimestamp();
        for (var piece = Math.Max(1, input.Length / 2); piece > 0; piece = piece > 512 ? Math.Max(512, piece / 2 / 512 * 512) : piece / 2)
        {
            for (var at = 0; at < input.Length && Stopwatch.GetElapsedTime(start) < s_shrinking;)
            {
                var without = (byte[])[.. input[..at], .. input[Math.Min(input.Length, at + piece)..]];
                if (IsSame(Try(without), fault))
                    input = without;
                else
                    at += piece;
            }
        }
        return input;
    }

    private static bool IsSame(Exception? one, Exception other) => one is not null && one.GetType() == other.GetType() && Place(one) == Place(other)
        && (one as StoreException)?.ErrorId == (other as StoreException)?.ErrorId;

    private static string? Place(Exception error) => error is FuzzFault ? error.Message.Split(':')[0] : error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("LayerStore", StringComparison.Ordinal))?.Trim();
}
