using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;

namespace LayerStore.PS.Tests.Hosting;

/// <summary>Writes what <c>docker save</c> writes, of files that a test names.</summary>
internal static class SavedImage
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    /// <summary>The archive of the image that all sizes of the acceptance table were measured on.</summary>
    internal static string Small { get; } = Path.Combine(Session.RepositoryPath, "tests", "LayerStore.Core.Tests", "data", "small.tar");

    /// <summary>Writes an image of one layer for each dictionary, lowest first.</summary>
    internal static string Write(string path, string? name, params IEnumerable<IReadOnlyDictionary<string, string>> layers) => WriteNoted(path, name, "", layers);

    /// <summary>As <see cref="Write"/>, with a note in everything that the configuration says of the image.</summary>
    internal static string WriteNoted(string path, string? name, string note, params IEnumerable<IReadOnlyDictionary<string, string>> layers)
    {
        var archives = layers.Select(Layer).ToArray();
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            created = Time.UtcDateTime,
            config = new { Cmd = new[] { "/bin/sh", "-c", "echo hello" + note }, Labels = new Dictionary<string, string> { ["role"] = "test" + note } },
            rootfs = new { type = "layers", diff_ids = archives.Select(archive => "sha256:" + Hash(archive)) },
            history = archives.Select((_, index) => new { created = Time.UtcDateTime, created_by = $"COPY layer {index}{note}", comment = note }),
        });
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new
            {
                Config = Hash(config) + ".json",
                RepoTags = name is null ? [] : new[] { name },
                Layers = archives.Select(archive => Hash(archive) + "/layer.tar"),
            },
        });
        using var file = File.Create(path);
        using var writer = new TarWriter(file, TarEntryFormat.Ustar);
        Put(writer, Hash(config) + ".json", config);
        foreach (var archive in archives)
            Put(writer, Hash(archive) + "/layer.tar", archive);
        Put(writer, "manifest.json", manifest);
        return path;
    }

    /// <summary>A layer that takes a while.</summary>
    internal static IReadOnlyDictionary<string, string> ManyFiles(int count) =>
        Enumerable.Range(0, count).ToDictionary(number => $"data/{number / 1000}/f{number}", number => $"file {number}");

    private static byte[] Layer(IReadOnlyDictionary<string, string> files)
    {
        using var result = new MemoryStream();
        using (var writer = new TarWriter(result, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (path, content) in files)
                Put(writer, path, System.Text.Encoding.UTF8.GetBytes(content));
        }
        return result.ToArray();
    }

    private static void Put(TarWriter writer, string name, byte[] content) => writer.WriteEntry(
        new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = Time, Mode = (UnixFileMode)0x1a4 });

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
