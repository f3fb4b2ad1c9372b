using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LayerStore.Tests.Environments;

/// <summary>
/// Remembers the results of guest runs in which everything passed, by all that went into them: the built tests and what they are built on, the guest's kernel and
/// modules, the programs that they use, the demo and the module that it shows, the .NET that runs them.
/// </summary>
internal sealed class ResultMemory(string folder)
{
    private readonly string _base = HashOfBuild();

    /// <summary>A name of all of an environment's inputs.</summary>
    public string Key(DriverEnvironment environment, IEnumerable<string> guestFiles)
    {
        var files = guestFiles.Concat(environment.Declaration.Programs.Select(program => Find(program.Split(' ')[0])).OfType<string>())
            .Concat(environment.Declaration.Demo ? DemoStory.Files : []);
        return Hash([_base, environment.Title, .. files.Select(file => $"{file} {HashOf(file)}")]);
    }

    /// <summary>The result of the environment's last run, if that was with these inputs.</summary>
    public EnvironmentResult? Recall(DriverEnvironment environment, string key)
    {
        var path = PathOf(environment.Title);
        if (!File.Exists(path))
            return null;
        var entry = JsonSerializer.Deserialize<Entry>(File.ReadAllText(path))!;
        return entry.Key == key ? entry.Result with { Remembered = true } : null;
    }

    /// <summary>Remembers a result, if nothing failed.</summary>
    public void Keep(string key, EnvironmentResult result)
    {
        if (result.Failed > 0)
            return;
        Directory.CreateDirectory(folder);
        var path = PathOf(result.Title);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(new Entry(key, result)));
        File.Move(path + ".new", path, overwrite: true);
    }

    private string PathOf(string title) => Path.Combine(folder, title.Replace(' ', '-').Replace('/', '-') + ".json");

    private static string HashOfBuild()
    {
        var place = AppContext.BaseDirectory;
        var files = Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is not ".pdb" and not ".xml").Order(StringComparer.Ordinal);
        return Hash([Environment.Version.ToString(), .. files.Select(file => $"{Path.GetRelativePath(place, file)} {HashOf(file)}")]);
    }

    private static string? Find(string program) =>
        new[] { "/usr/sbin", "/sbin", "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private static string Hash(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

    private sealed record Entry(string Key, EnvironmentResult Result);
}
