namespace LayerStore.Drivers;

/// <summary>Finds the drivers that hold data in a root whose database is not there to ask: Docker looks at the same directories when it starts.</summary>
internal static class PriorDrivers
{
    /// <summary>The names of the drivers whose directories in <paramref name="root"/> hold anything.</summary>
    public static IReadOnlyList<string> Find(string root, IEnumerable<string> drivers) => [.. drivers.Where(name => HoldsData(Path.Combine(root, name)))];

    /// <summary>
    /// True where there is a file, or a directory with something in it: a driver's empty places are made before its first layer, and what waits for its deletion is no data.
    /// </summary>
    private static bool HoldsData(string home)
    {
        try
        {
            return Directory.Exists(home) && new DirectoryInfo(home).EnumerateFileSystemInfos()
                .Where(entry => entry.Name != LayerFiles.RemovingName)
                .Any(entry => entry is not DirectoryInfo { LinkTarget: null } directory || directory.EnumerateFileSystemInfos().Any());
        }
        catch (UnauthorizedAccessException)
        {
            // What may not be looked at is not empty for sure.
            return true;
        }
    }
}
