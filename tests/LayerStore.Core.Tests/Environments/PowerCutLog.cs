namespace LayerStore.Tests.Environments;

/// <summary>What a guest did to a store, written outside of it before and after each step, so that the next boot knows what must be there.</summary>
internal sealed class PowerCutLog
{
    private readonly string _path;

    private PowerCutLog(string path) => _path = path;

    /// <summary>Containers, and whether a file was durably written into each.</summary>
    public Dictionary<string, bool> Containers { get; } = [];

    /// <summary>Images that were made of containers.</summary>
    public HashSet<string> Images { get; } = [];

    /// <summary>What was begun to be made or removed and not finished: it may be there or not.</summary>
    public HashSet<string> Open { get; } = [];

    /// <summary>What was finished, in all boots.</summary>
    public int Steps { get; private set; }

    public static PowerCutLog Read(string path)
    {
        var log = new PowerCutLog(path);
        foreach (var line in File.Exists(path) ? File.ReadAllText(path).Split('\n')[..^1] : [])
            log.Apply(line);
        return log;
    }

    /// <summary>Does a step between two lines.</summary>
    /// <param name="what"><c>create</c>, <c>write</c>, <c>remove</c>, <c>commit</c> or <c>untag</c>.</param>
    /// <param name="name">The container's or the image's.</param>
    /// <param name="act">The step.</param>
    public void Do(string what, string name, Action act)
    {
        Say($"begin {what} {name}");
        act();
        Say($"end {what} {name}");
    }

    /// <summary>Notes how what was open was found.</summary>
    public void Settle(string what, string name) => Say($"end {what} {name}");

    private void Say(string line)
    {
        using var file = new FileStream(_path, FileMode.Append);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        file.Flush(flushToDisk: true);
        Apply(line);
    }

    private void Apply(string line)
    {
        if (line.Split(' ') is not [var when, var what, var name])
            return;
        if (when == "begin")
        {
            if (what != "write")
                Open.Add(name);
            return;
        }
        Open.Remove(name);
        Steps++;
        _ = what switch
        {
            "create" => Containers.TryAdd(name, false),
            "write" => Containers[name] = true,
            "remove" => Containers.Remove(name),
            "commit" => Images.Add(name),
            "untag" => Images.Remove(name),
            _ => throw new InvalidDataException(line),
        };
    }
}
