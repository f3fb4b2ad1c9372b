namespace LayerStore.Bench.Images;

/// <summary>An image made for the benchmark, in its forms; those that nobody asks for are null.</summary>
/// <param name="Name">The image's name.</param>
/// <param name="Layers">The plain layers, lowest first.</param>
/// <param name="Plain">A docker-archive with plain layers.</param>
/// <param name="Gzip">A docker-archive with gzip layers.</param>
/// <param name="Zstd">An OCI layout directory with zstd layers.</param>
internal sealed record BenchImage(string Name, IReadOnlyList<string> Layers, string Plain, string? Gzip = null, string? Zstd = null)
{
    /// <summary>The name under which it is imported.</summary>
    public string Reference => $"bench/{Name}:1";

    /// <summary>Every file of it, to be read once so that the page cache holds it.</summary>
    public IEnumerable<string> Files => Layers.Append(Plain).Concat(Gzip is null ? [] : [Gzip])
        .Concat(Zstd is null ? [] : Directory.EnumerateFiles(Zstd, "*", SearchOption.AllDirectories));

    /// <summary>How large the layers are, in bytes.</summary>
    public long Bytes => Layers.Sum(layer => new FileInfo(layer).Length);
}
