using System.Collections.Immutable;

namespace LayerStore.Tests.Environments;

/// <summary>What a guest did to a store, written outside of it before and after each step, so that the next boot knows what must be there.</summary>
internal sealed class PowerCutLog
{
    private readonly string _path;

    private PowerCutLog(string path) => _path = path;

    /// <summary>Containers by name.</summary>
    public SortedDictionary<string, PowerCutContainer> Containers { get; } = new(StringComparer.Ordinal);

    /// <summary>Images that were made of containers, with the files that those had.</summary>
    public SortedDictionary<string, ImmutableSortedSet<string>> Images { get; } = new(StringComparer.Ordinal);

    /// <summary>Volumes, with the files that were durably written into each, where it stands or through a container.</summary>
    public SortedDictionary<string, ImmutableSortedSet<string>> Volumes { get; } = new(StringComparer.Ordinal);

    /// <summary>The step that was begun and not ended, and what it was done to: it may have been done or not.</summary>
    public (string What, string Name, string Other)? Open { get; private set; }

    /// <summary>What was ended, in all boots.</summary>
    public int Steps { get; private set; }

    /// <summary>How often each kind of step was ended.</summary>
    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    public static PowerCutLog Read(string path)
    {
        var log = new PowerCutLog(path);
        foreach (var line in File.Exists(path) ? File.ReadAllText(path).Split('\n')[..^1] : [])
            log.Apply(line);
        return log;
    }

    /// <summary>Does a step between two lines.</summary>
    /// <param name="what"><c>create</c>, <c>limit</c> and <c>use</c> (a container with a limit, and one with a volume), <c>write</c>, <c>rename</c>, <c>remove</c>, <c>commit</c>, <c>convert</c>, <c>untag</c>, <c>volume</c>, <c>fill</c>, <c>put</c> (into a
    /// volume through a container) or <c>drop</c>.</param>
    /// <param name="name">The container's, the image's or the volume's.</param>
    /// <param name="other">The image of a container, the volume of one, the container of an image or through which a volume is written, the new name.</param>
    /// <param name="act">The step.</param>
    public void Do(string what, string name, string other, Action act)
    {
        Say($"begin {what} {name} {other}");
        act();
        Say($"end {what} {name} {other}");
    }

    /// <summary>Notes what the open step was found to have done; <c>nothing</c> is one of the words.</summary>
    public void Settle(string what) => Say($"end {what} {Open!.Value.Name} {Open.Value.Other}");

    private void Say(string line)
    {
        using var file = new FileStream(_path, FileMode.Append);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        file.Flush(flushToDisk: true);
        Apply(line);
    }

    private void Apply(string line)
    {
        if (line.Split(' ') is not [var when, var what, var name, var other])
            throw new InvalidDataException(line);
        if (when == "begin")
        {
            Open = (what, name, other);
            return;
        }
        Open = null;
        Steps++;
        Counts[what] = Counts.GetValueOrDefault(what) + 1;
        switch (what)
        {
            case "create":
                Containers[name] = new PowerCutContainer(other, Images.GetValueOrDefault(other, []));
                break;
            case "limit":
                Containers[name] = new PowerCutContainer(other, Images.GetValueOrDefault(other, [])) { Limited = true };
                break;
            case "use":
                Containers[name] = new PowerCutContainer(PowerCutGuest.Image, []) { Volume = other };
                break;
            case "write":
                Containers[name] = Containers[name] with { Files = Containers[name].Files.Add(name) };
                break;
            case "rename":
                Containers[other] = Containers[name];
                Containers.Remove(name);
                break;
            case "remove":
                Containers.Remove(name);
                break;
            case "commit":
                Images[name] = Containers[other].Files;
                break;
            case "convert":
                Images[name] = Containers[other].Files;
                Containers.Remove(other);
                break;
            case "untag":
                Images.Remove(name);
                break;
            case "volume":
                Volumes[name] = [];
                break;
            case "fill":
                Volumes[name] = Volumes[name].Add(name);
                break;
            case "put":
                Volumes[name] = Volumes[name].Add(other);
                break;
            case "drop":
                Volumes.Remove(name);
                break;
            case "nothing":
                break;
            default:
                throw new InvalidDataException(line);
        }
    }
}
