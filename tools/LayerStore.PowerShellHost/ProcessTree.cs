using System.Diagnostics;
using System.Globalization;

namespace LayerStore.PowerShellHost;

/// <summary>The programs that this one started, and those that they started.</summary>
internal static class ProcessTree
{
    /// <summary>Sends all of them SIGTERM.</summary>
    public static void Terminate()
    {
        var children = ReadParents().ToLookup(process => process.Parent, process => process.Id);
        var found = children[Environment.ProcessId].ToList();
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i]]);
        }

        if (found.Count > 0)
        {
            using var kill = Process.Start("bash", ["-c", "kill -TERM \"$@\" 2>/dev/null", "kill", .. found.Select(id => id.ToString(CultureInfo.InvariantCulture))]);
            kill.WaitForExit();
        }
    }

    private static IEnumerable<(int Id, int Parent)> ReadParents()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
                continue;
            }

            // The name, in parentheses, may hold anything; the state and the parent follow it.
            yield return (id, int.Parse(text[(text.LastIndexOf(')') + 1)..].Split(' ', 4)[2], CultureInfo.InvariantCulture));
        }
    }
}
