using LayerStore.Archives;
using LayerStore.Archives.Tar;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Fuzzing;

/// <summary>The tar reader alone, behind any compression: what it calls framing and content is, together and in order, the whole archive.</summary>
internal sealed class TarTarget : FuzzTarget
{
    public override byte[] Make(Random random)
    {
        var archive = RandomLayer.Make(random);
        if (random.Next(3) > 0)
            return archive;
        var packed = ImageBuilder.Compress(archive, random.Next(2) == 0 ? CompressionKind.Gzip : CompressionKind.Zstd);
        if (random.Next(3) == 0)
            packed = [.. packed, .. ImageBuilder.Compress(RandomLayer.Make(random), random.Next(2) == 0 ? CompressionKind.Gzip : CompressionKind.Zstd)];
        return random.Next(2) == 0 ? packed : Mutator.Bytes(random, packed);
    }

    public override void Run(byte[] input)
    {
        using var seen = new MemoryStream();
        Digest digest = default;
        var read = MayRefuse(
            () =>
            {
                using var pump = new ArchivePump(new MemoryStream(input), Limits, null, CancellationToken.None);
                var reader = new TarReader(pump, Limits) { Framing = seen.Write, Content = seen.Write };
                while (reader.Read())
                    Demand(reader.Entry.Size >= 0 && reader.Entry.StoredSize >= 0 && reader.Entry.Size <= Limits.MaxFileBytes, "an entry's size is within the limits");
                reader.ReadToEnd();
                Demand(seen.Length == pump.TotalBytes, "framing and content have as many bytes as the archive");
                digest = pump.Digest;
            },
            ArchiveRefusals);
        if (read)
            Demand(ImageBuilder.DigestOf(seen.ToArray()) == digest, "framing and content are the archive");
    }
}
