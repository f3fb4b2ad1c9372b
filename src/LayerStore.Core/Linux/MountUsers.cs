using System.Globalization;

namespace LayerStore.Linux;

/// <summary>Who keeps a mount busy, as far as <c>/proc</c> tells this user.</summary>
internal static class MountUsers
{
    private const int MaxNamed = 5;

    private static readonly string[] DirectoryLinks = ["cwd", "root"];

    /// <summary>Up to five processes as <c>bash (1234)</c>, empty where none can be seen.</summary>
    public static string Describe(string mount)
    {
        var users = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !Uses(directory, mount))
                continue;
            users.Add($"{NameOf(directory)} ({id})");
            if (users.Count == MaxNamed)
                break;
        }
        return string.Join(", ", users);
    }

    private static bool Uses(string process, string mount)
    {
        try
        {
            if (DirectoryLinks.Any(link => Inside(new FileInfo($"{process}/{link}").LinkTarget, mount)))
                return true;
            return Directory.EnumerateFileSystemEntries($"{process}/fd").Any(link => Inside(new FileInfo(link).LinkTarget, mount));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Gone meanwhile, or another user's.
        }
    }

    private static bool Inside(string? path, string mount) =>
        path is not null && (path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal));

    private static string NameOf(string process)
    {
        try
        {
            return Printable.Escape(File.ReadAllText($"{process}/comm").Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process";
        }
    }
}
