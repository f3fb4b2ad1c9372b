using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LayerStore.Measurement;

/// <summary>
/// An image to measure with: small files to change and as many to delete, spread over the layers, and a big one in the topmost. Its bytes are random, so that no file system can compress or deduplicate them, and always the same.
/// </summary>
internal sealed class SampleImage(MeasurementOptions options)
{
    /// <summary>The image's name.</summary>
    public const string Name = "layerstore-measurement:latest";

    /// <summary>The big file's path in the image.</summary>
    public const string BigFile = "big";

    private readonly Random _random = new(1);

    /// <summary>The path of a small file that is there to be read and changed.</summary>
    public static string SmallFile(int number) => InFolder("files", number);

    /// <summary>The path of a small file that is there to be deleted.</summary>
    public static string OldFile(int number) => InFolder("old", number);

    /// <summary>Writes it as docker save would.</summary>
    public void Write(string path, CancellationToken cancellation)
    {
        using var stream = new FileStream(path, FileMode.CreateNew);
        using var archive = new TarWriter(stream, TarEntryFormat.Pax);
        var diffIds = new List<string>();
        for (var layer = 0; layer < options.LayerCount; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var content = new MemoryStream();
            WriteLayer(content, layer);
            content.Position = 0;
            diffIds.Add("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)));
            Add(archive, LayerName(layer), content);
        }
        Add(archive, "config.json", Text($$$"""{"architecture":"{{{Platform.Current.Architecture}}}","os":"linux","rootfs":{"type":"layers","diff_ids":[{{{Quoted(diffIds)}}}]}}"""));
        Add(archive, "manifest.json", Text($$"""[{"Config":"config.json","RepoTags":["{{Name}}"],"Layers":[{{Quoted(Enumerable.Range(0, options.LayerCount).Select(LayerName))}}]}]"""));
    }

    private void WriteLayer(MemoryStream content, int layer)
    {
        using var writer = new TarWriter(content, TarEntryFormat.Pax, leaveOpen: true);
        for (var file = layer; file < options.FileCount; file += options.LayerCount)
        {
            Add(writer, SmallFile(file), Bytes(options.FileBytes));
            Add(writer, OldFile(file), Bytes(options.FileBytes));
        }
        if (layer == options.LayerCount - 1)
            Add(writer, BigFile, Bytes(options.BigFileBytes));
    }

    private static string InFolder(string folder, int number) => string.Create(CultureInfo.InvariantCulture, $"{folder}/{number / 100}/{number}");

    private MemoryStream Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return new MemoryStream(bytes);
    }

    private static void Add(TarWriter writer, string name, MemoryStream content)
    {
        content.Position = 0;
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content });
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string LayerName(int layer) => string.Create(CultureInfo.InvariantCulture, $"layer{layer}.tar");

    private static string Quoted(IEnumerable<string> texts) => string.Join(',', texts.Select(text => $"\"{text}\""));
}
