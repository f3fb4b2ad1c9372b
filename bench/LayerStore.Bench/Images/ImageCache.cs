using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Images;

/// <summary>Makes the images once and keeps them; a change of what they hold is a change of <see cref="Version"/>.</summary>
internal sealed class ImageCache(string folder, Workspace workspace)
{
    private const string Version = "v1";

    private readonly Dictionary<string, BenchImage> _images = [];

    /// <summary>400 MB in 6 layers, as a Java service has them: a Debian, its libraries, a JRE, locales, jars, the application.</summary>
    public BenchImage Petclinic() => Get("petclinic", path => PetclinicLayers.Write(path, LoopFileSystem.Create(workspace, "scratch", 4)), gzip: true, zstd: true);

    /// <summary>100,000 files of 2 KB in 2 layers.</summary>
    public BenchImage Many() => Get("many", SyntheticLayers.WriteMany);

    /// <summary>100 layers of a few files each.</summary>
    public BenchImage Deep100() => Get("deep100", SyntheticLayers.WriteDeep);

    /// <summary>One layer of one file: what every container benchmark stands on.</summary>
    public BenchImage Small() => Get("small", SyntheticLayers.WriteSmall);

    /// <summary>One layer with one file of 2 GiB and another with 300,000 entries: what may need memory.</summary>
    public BenchImage Heavy() => Get("heavy", SyntheticLayers.WriteHeavy, gzip: true);

    private BenchImage Get(string name, Func<string, IReadOnlyList<string>> writeLayers, bool gzip = false, bool zstd = false)
    {
        if (_images.TryGetValue(name, out var known))
        {
            return known;
        }

        var home = Path.Combine(folder, $"{name}-{Version}");
        if (!Directory.Exists(home))
        {
            Console.WriteLine($"bench: making the image '{name}' (once; kept in {home})");
            var making = home + ".making";
            Tool.Run("rm", "-rf", making);
            Directory.CreateDirectory(making);
            var layers = writeLayers(making);
            DockerArchive.Write(Path.Combine(making, "plain.tar"), $"bench/{name}:1", layers, layers);
            if (gzip)
            {
                DockerArchive.Write(Path.Combine(making, "gzip.tar"), $"bench/{name}:1", layers, Compress(layers, ".gz", "gzip -n -6 -c \"$1\" > \"$2\""));
            }

            if (zstd)
            {
                _ = Packages.Require("zstd", "zstd", out var whyNot) ?? throw new InvalidOperationException(whyNot);
                OciLayout.Write(Path.Combine(making, "zstd"), $"bench/{name}:1", layers, Compress(layers, ".zst", "zstd -q -3 -T1 -c \"$1\" > \"$2\""));
            }

            Directory.Move(making, home);
        }

        var gzipPath = Path.Combine(home, "gzip.tar");
        var zstdPath = Path.Combine(home, "zstd");
        var image = new BenchImage(
            name,
            [.. Directory.EnumerateFiles(Path.Combine(home, "layers"), "*.tar").Order(StringComparer.Ordinal)],
            Path.Combine(home, "plain.tar"),
            File.Exists(gzipPath) ? gzipPath : null,
            Directory.Exists(zstdPath) ? zstdPath : null);
        return _images[name] = image;
    }

    private static List<string> Compress(IReadOnlyList<string> layers, string extension, string script)
    {
        foreach (var layer in layers)
        {
            Tool.Shell(script, layer, layer + extension);
        }

        return [.. layers.Select(layer => layer + extension)];
    }
}
