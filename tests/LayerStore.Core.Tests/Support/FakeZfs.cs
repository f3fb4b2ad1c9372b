using LayerStore.Drivers.Zfs;

namespace LayerStore.Tests.Support;

/// <summary>A pool <c>tank</c> as zfs(8) and zpool(8) would show it, in memory: what exists, what is a clone of what, what is busy.</summary>
internal sealed class FakeZfs : IDisposable
{
    private readonly TestDirectory _statistics = new("/dev/shm");

    public FakeZfs()
    {
        System = new ZfsSystem(new Program(RunZfs), new Program(arguments => RunZpool(arguments)), new Lazy<IZfsLibrary?>(() => Library), "/dev/null", _statistics.Path);
        State = "ONLINE";
        Datasets["tank"] = new();
        Datasets["tank/layers"] = new();
    }

    public ZfsSystem System { get; }

    /// <summary>What the machine has of libzfs; nothing unless a test says so before the first question.</summary>
    public IZfsLibrary? Library { get; init; }

    /// <summary>Datasets and snapshots by name.</summary>
    public SortedDictionary<string, Entry> Datasets { get; } = new(StringComparer.Ordinal);

    /// <summary>The commands so far, the programs' names included.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>What every command that changes something says; null where it does what it should.</summary>
    public string? Failure { get; set; }

    /// <summary>What the kernel says of the pool; null where it is not imported.</summary>
    public string? State
    {
        set
        {
            if (value is null)
                Directory.Delete(Path.Combine(_statistics.Path, "tank"), recursive: true);
            else
                File.WriteAllText(Path.Combine(_statistics.Make("tank"), "state"), value + "\n");
        }
    }

    public void Dispose() => _statistics.Dispose();

    private ZfsResult RunZpool(IReadOnlyList<string> arguments)
    {
        Commands.Add("zpool " + string.Join(' ', arguments));
        return new ZfsResult(0, "", "");
    }

    private ZfsResult RunZfs(IReadOnlyList<string> arguments)
    {
        Commands.Add("zfs " + string.Join(' ', arguments));
        var names = new List<string>();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < arguments.Count; i++)
        {
            if (arguments[i] is "-o" or "-t" or "-d")
                options[arguments[i]] = options.GetValueOrDefault(arguments[i]) is { } before ? $"{before},{arguments[i + 1]}" : arguments[i + 1];
            else if (!arguments[i].StartsWith('-'))
                names.Add(arguments[i]);
            if (arguments[i] is "-o" or "-t" or "-d")
                i++;
        }
        if (arguments[0] == "list")
            return List(names, options);
        if (arguments[0] == "version")
            return new ZfsResult(0, "zfs-2.1.11\nzfs-kmod-2.1.11\n", "");
        if (Failure is not null)
            return new ZfsResult(1, "", $"cannot {arguments[0]} '{names[^1]}': {Failure}\n");
        switch (arguments[0])
        {
            case "create" when !Datasets.ContainsKey(names[0]) && Datasets.ContainsKey(names[0][..names[0].LastIndexOf('/')]):
                Datasets[names[0]] = new Entry { Written = 24576 };
                break;
            case "clone" when Datasets.ContainsKey(names[0]):
                Datasets[names[1]] = new Entry { Origin = names[0], Used = 1024, Written = 1024 };
                break;
            case "snapshot" when Datasets.ContainsKey(names[0].Split('@')[0]):
                Datasets[names[0]] = new Entry();
                break;
            case "rename" when Datasets.ContainsKey(names[0]) && !Datasets.ContainsKey(names[1]):
                foreach (var name in Datasets.Keys.Where(name => name.Split('@')[0] == names[0]).ToList())
                {
                    Datasets[names[1] + name[names[0].Length..]] = Datasets[name];
                    Datasets.Remove(name);
                }
                break;
            case "set" when Datasets.ContainsKey(names[1]):
                break;
            case "destroy" when Datasets.TryGetValue(names[0], out var entry) && !entry.Busy && ClonesOf(names[0]) == "":
                foreach (var name in Datasets.Keys.Where(name => name == names[0] || name.StartsWith(names[0] + "@", StringComparison.Ordinal)).ToList())
                    Datasets.Remove(name);
                break;
            default:
                return new ZfsResult(1, "", $"cannot {arguments[0]} '{names[^1]}'\n");
        }
        return new ZfsResult(0, "", "");
    }

    private ZfsResult List(List<string> names, Dictionary<string, string> options)
    {
        if (options.ContainsKey("-d"))
            names = [.. Datasets.Keys.Where(name => name.StartsWith(names[0], StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal))];
        var rows = names.Where(Datasets.ContainsKey).Select(name => string.Join('\t', options["-o"].Split(',').Select(property => Value(name, property))) + "\n");
        return new ZfsResult(names.All(Datasets.ContainsKey) ? 0 : 1, string.Concat(rows), "");
    }

    private string Value(string name, string property) => property switch
    {
        "name" => name,
        "type" => "filesystem",
        "used" => $"{Datasets[name].Used}",
        "written" => $"{Datasets[name].Written}",
        "available" => $"{Datasets[name].Available}",
        "origin" => Datasets[name].Origin ?? "-",
        "quota" => "0",
        "compression" => "lz4",
        "clones" => name.Contains('@', StringComparison.Ordinal) ? ClonesOf(name) : "-",
        _ => throw new ArgumentException(property),
    };

    private string ClonesOf(string name) => string.Join(',', Datasets.Where(other => other.Value.Origin is { } origin
        && (origin == name || origin.StartsWith(name + "@", StringComparison.Ordinal))).Select(other => other.Key));

    /// <summary>A dataset or snapshot.</summary>
    internal sealed class Entry
    {
        public string? Origin { get; init; }

        public long Used { get; set; }

        public long Written { get; set; }

        public long Available { get; set; } = 10L << 30;

        public bool Busy { get; set; }
    }

    private sealed class Program(Func<IReadOnlyList<string>, ZfsResult> run) : IZfsProgram
    {
        public ZfsResult Run(params IReadOnlyList<string> arguments) => run(arguments);
    }
}
