namespace LayerStore.Tests.Support;

/// <summary>The files that tests bring along.</summary>
internal static class TestFiles
{
    /// <summary>A <c>docker save</c> archive of one layer, made of Debian's busybox-static; Docker's own numbers are known for it.</summary>
    public static string SmallImage => Find("tests/LayerStore.Core.Tests/data/small.tar");

    private static string Find(string path)
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, path)))
                return Path.Combine(directory, path);
        }
        throw new FileNotFoundException($"There is no {path} above {AppContext.BaseDirectory}.");
    }
}
