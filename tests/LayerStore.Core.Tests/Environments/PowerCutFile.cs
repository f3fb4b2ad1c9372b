using System.Text;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>A file whose contents its name says, as a guest writes it before its power is cut.</summary>
internal static class PowerCutFile
{
    private const string Prefix = "mark-";
    private const int Repeats = 5000;

    /// <summary>Writes it so that it lasts.</summary>
    public static void Write(string directory, string name)
    {
        using var file = new FileStream(PathOf(directory, name), FileMode.CreateNew);
        file.Write(Contents(name));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Removes it so that it stays removed; it may not be there.</summary>
    public static void Remove(string directory, string name)
    {
        File.Delete(PathOf(directory, name));
        Command.Run("sync", "-f", directory);
    }

    /// <summary>True where it is there and whole.</summary>
    public static bool IsWhole(string directory, string name) => File.Exists(PathOf(directory, name)) && File.ReadAllBytes(PathOf(directory, name)).AsSpan().SequenceEqual(Contents(name));

    /// <summary>The names of those that are there, whole or not.</summary>
    public static IEnumerable<string> In(string directory) => Directory.EnumerateFiles(directory, Prefix + "*").Select(path => Path.GetFileName(path)[Prefix.Length..]);

    private static string PathOf(string directory, string name) => Path.Combine(directory, Prefix + name);

    private static byte[] Contents(string name) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(name + "\n", Repeats)));
}
