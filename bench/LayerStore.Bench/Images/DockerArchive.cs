using System.Formats.Tar;
using System.Text.Json;

namespace LayerStore.Bench.Images;

/// <summary>Writes an archive as <c>docker save</c> did before OCI: manifest.json, the configuration, a folder a layer.</summary>
internal static class DockerArchive
{
    private static readonly DateTimeOffset Time = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="path">The archive.</param>
    /// <param name="reference">The image's name.</param>
    /// <param name="layers">The plain layers, lowest first.</param>
    /// <param name="blobs">The same layers as they shall stand in the archive.</param>
    public static void Write(string path, string reference, IReadOnlyList<string> layers, IReadOnlyList<string> blobs)
    {
        var diffIds = layers.Select(LayerDigest.OfFile).ToList();
        var config = ImageConfiguration.Write(diffIds);
        var configName = LayerDigest.Of(config) + ".json";

        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Ustar, leaveOpen: false);
        for (var i = 0; i < blobs.Count; i++)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, diffIds[i] + "/") { ModificationTime = Time });
            using var blob = File.OpenRead(blobs[i]);
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, diffIds[i] + "/layer.tar") { ModificationTime = Time, DataStream = blob });
        }

        Add(writer, configName, config);
        Add(writer, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { Config = configName, RepoTags = new[] { reference }, Layers = diffIds.Select(id => id + "/layer.tar") },
        }));
    }

    private static void Add(TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { ModificationTime = Time, DataStream = new MemoryStream(content) });
}
