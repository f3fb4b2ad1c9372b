using System.Formats.Tar;
using System.Globalization;

namespace LayerStore.Bench.Images;

/// <summary>Layers made of nothing but a seed: the same bytes on every machine.</summary>
internal static class SyntheticLayers
{
    private static readonly DateTimeOffset Time = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> WriteMany(string folder)
    {
        var random = new Random(20240101);
        return [.. Enumerable.Range(0, 2).Select(layer => Write(folder, layer, tar =>
        {
            for (var directory = 0; directory < 500; directory++)
            {
                var path = $"usr/share/many{layer}/{directory / 25:d2}/{directory:d3}";
                AddDirectory(tar, path);
                for (var file = 0; file < 100; file++)
                {
                    AddFile(tar, string.Create(CultureInfo.InvariantCulture, $"{path}/file-{file:d4}.txt"), Text(random, 512 + random.Next(1536)));
                }
            }
        }))];
    }

    public static IReadOnlyList<string> WriteDeep(string folder)
    {
        var random = new Random(100);
        return [.. Enumerable.Range(0, 100).Select(layer => Write(folder, layer, tar =>
        {
            AddDirectory(tar, "deep");
            AddFile(tar, $"deep/layer{layer:d3}", Text(random, 20 << 10));
            AddFile(tar, "deep/shared", Text(random, 2 << 10));
            AddFile(tar, $"deep/list{layer:d3}", Text(random, 100));
        }))];
    }

    public static IReadOnlyList<string> WriteSmall(string folder) => [Write(folder, 0, tar =>
    {
        AddDirectory(tar, "etc");
        AddFile(tar, "etc/motd", "hello\n"u8.ToArray());
        AddDirectory(tar, "data");
    })];

    public static IReadOnlyList<string> WriteHeavy(string folder) =>
    [
        Write(folder, 0, tar =>
        {
            using var zeros = new RepeatedText(2L << 30);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "big") { ModificationTime = Time, DataStream = zeros });
        }),
        Write(folder, 1, tar =>
        {
            for (var i = 0; i < 300_000; i++)
            {
                if (i % 1000 == 0)
                {
                    AddDirectory(tar, $"d{i / 1000:d3}");
                }

                AddFile(tar, $"d{i / 1000:d3}/f{i:d6}", []);
            }
        }),
    ];

    private static string Write(string folder, int index, Action<TarWriter> content)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "layers")).FullName, $"{index:d3}.tar");
        using var tar = new TarWriter(new BufferedStream(File.Create(path), 1 << 20), TarEntryFormat.Gnu, leaveOpen: false);
        content(tar);
        return path;
    }

    private static void AddDirectory(TarWriter tar, string path) => tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, path + "/")
    {
        ModificationTime = Time,
        Mode = (UnixFileMode)0b111_101_101,
    });

    private static void AddFile(TarWriter tar, string path, byte[] content) => tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, path)
    {
        ModificationTime = Time,
        Mode = (UnixFileMode)0b110_100_100,
        DataStream = new MemoryStream(content),
    });

    private static byte[] Text(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)('a' + (bytes[i] & 15));
        }

        return bytes;
    }
}
