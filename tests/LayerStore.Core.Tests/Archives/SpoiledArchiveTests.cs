
namespace LayerStore.Tests.Archives;

/// <summary>Archives with random damage, always the same random: they are extracted or refused, and nothing else.</summary>
public sealed class SpoiledArchiveTests : ExtractionTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Damage_of_any_kind_is_an_error_that_says_so(int seed)
    {
        var archive = new TarBuilder().Directory("./").Directory("a/").File("a/b", new byte[700]).Symlink("l", "a").File("l/c", "through").HardLink("h", "a/b").File(".wh.x").File("a/.wh..wh..opq")
            .Pax(("path", "a/pax"u8.ToArray()), ("mtime", "1.5"u8.ToArray()), ("SCHILY.xattr.user.x", [0, 1, 2])).File("p", "pax").GnuLong('L', "a/gnu").File("g", "gnu").GnuLong('K', "target").Symlink("k", "k")
            .Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.name", "s"u8.ToArray()), ("GNU.sparse.realsize", "5000"u8.ToArray()))
            .File("x", [.. TarBuilder.Text("1\n1000\n5\n"), .. new byte[503], .. "12345"u8]).Device("n", '3', 1, 3).Pipe("f").Directory("a/").File("a", "replaces").End();
        Extract(archive);
        var random = new Random(seed);
        for (var round = 0; round < 150; round++)
        {
            var spoiled = (byte[])archive.Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                // Mostly in headers, and with a checksum that holds: what gets past the first look is what matters.
                var block = random.Next(spoiled.Length / 512) * 512;
                var at = block + random.Next(4) switch { 0 => random.Next(100), 1 => 100 + random.Next(60), 2 => 156, _ => random.Next(512) };
                spoiled[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)"0157LKSxg/.\0 "[random.Next(13)], _ => (byte)(spoiled[at] ^ (1 << random.Next(8))) };
                if (spoiled[block + 257] == 'u')
                {
                    var header = spoiled[block..(block + 512)];
                    TarBuilder.WriteChecksum(header, signed: false);
                    header.CopyTo(spoiled, block);
                }
            }
            try
            {
                Extract(spoiled, openAt2: round % 2 == 0);
            }
            catch (StoreException error)
            {
                Assert.NotEmpty(error.RecommendedAction);
                Assert.NotEqual(ErrorIds.PermissionDenied, error.ErrorId);
            }
        }
    }
}
