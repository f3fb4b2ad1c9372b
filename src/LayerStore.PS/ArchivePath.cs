using LayerStore.Archives;

namespace LayerStore.PS;

/// <summary>Where an archive is written to.</summary>
internal static class ArchivePath
{
    /// <summary>The path itself; where a directory is there, a file in it that is named by what it holds and how it is compressed.</summary>
    public static string Of(string path, string name, CompressionKind compression) => Directory.Exists(path) ? Path.Combine(path, name + Extension(compression)) : path;

    private static string Extension(CompressionKind compression) => compression switch
    {
        CompressionKind.Gzip => ".tar.gz",
        CompressionKind.Zstd => ".tar.zst",
        _ => ".tar",
    };
}
