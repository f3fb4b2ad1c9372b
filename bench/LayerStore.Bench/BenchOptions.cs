using System.Globalization;

namespace LayerStore.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public IReadOnlyList<string> Names { get; private init; } = [];

    /// <summary>How often everybody runs.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>How often those run that take many times longer.</summary>
    public int PeerRounds { get; private init; } = 3;

    public int WarmUps { get; private init; } = 1;

    public bool Verbose { get; private init; }

    /// <summary>False to measure only LayerStore and the plain tools.</summary>
    public bool Peers { get; private init; } = true;

    /// <summary>Where images are kept between runs.</summary>
    public string Cache { get; private init; } = DefaultCache();

    /// <summary>Where the loop file systems' images lie.</summary>
    public string Backing { get; private init; } = Directory.Exists("/dev/shm") ? "/dev/shm" : "";

    /// <summary>Where the report goes.</summary>
    public string Output { get; private init; } = Path.Combine(Environment.CurrentDirectory, "out", "bench");

    /// <summary>Linux's load average over a minute when the run began.</summary>
    public string LoadAtStart { get; } = Load();

    public string BackingText => $"ext4 (rows btrfs-*: btrfs) on loop devices over {Backing}";

    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        List<string> names = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");
            int Number() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new ArgumentException($"'{arguments[i]}' is no number.");
            options = arguments[i] switch
            {
                "--rounds" => options with { Rounds = Number() },
                "--peer-rounds" => options with { PeerRounds = Number() },
                "--warm-ups" => options with { WarmUps = Number() },
                "--cache" => options with { Cache = Path.GetFullPath(Value()) },
                "--backing" => options with { Backing = Path.GetFullPath(Value()) },
                "--output" => options with { Output = Path.GetFullPath(Value()) },
                "--no-peers" => options with { Peers = false },
                "--verbose" => options with { Verbose = true },
                var name when name.StartsWith('-') => throw new ArgumentException($"'{name}' is no option."),
                var name => Add(name),
            };

            BenchOptions Add(string name)
            {
                names.Add(name);
                return options;
            }
        }

        return options with { Names = names, Backing = options.Backing.Length > 0 ? options.Backing : options.Cache };
    }

    /// <summary>Whether a row was asked for: all are where none is named; a name asks for every row that starts with it.</summary>
    public bool Wants(string row) => Names.Count == 0 || Names.Any(name => row.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Linux's load average over a minute, as it is now.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static string DefaultCache() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
        ? Path.Combine(home, "layerstore-bench")
        : "/var/tmp/layerstore-bench";
}
