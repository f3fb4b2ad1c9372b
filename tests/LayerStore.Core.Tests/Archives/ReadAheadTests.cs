using LayerStore.Archives;

namespace LayerStore.Tests.Archives;

/// <summary>How far archives are read whose bytes nobody takes yet.</summary>
public sealed class ReadAheadTests
{
    private const int MiB = 1 << 20;

    // What every reader has of its own.
    private const int Ring = 8 * MiB;

    [Fact]
    public void An_archive_that_waits_is_read_until_the_memory_for_all_is_used_up()
    {
        var ahead = new ReadAhead(20L * MiB);
        var archives = Enumerable.Range(0, 2).Select(_ => new MemoryStream(new byte[40 * MiB])).ToArray();
        using var first = Start(archives[0], ahead);
        Assert.True(SpinWait.SpinUntil(() => archives[0].Position == Ring + (20 * MiB), 10_000));
        using var second = Start(archives[1], ahead);
        Assert.True(SpinWait.SpinUntil(() => archives[1].Position == Ring, 10_000));
        Assert.False(ahead.TryTake());

        // Who is being taken from gives back what the other one can use.
        Take(first, 25 * MiB);
        Assert.True(SpinWait.SpinUntil(() => archives[1].Position > Ring, 10_000));
        Take(first, 15 * MiB);
        Assert.True(first.Peek(1).IsEmpty);
        Assert.Equal(Digest.FromSha256(System.Security.Cryptography.SHA256.HashData(new byte[40 * MiB])), first.Digest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    public void All_of_it_is_given_back(int taken)
    {
        var ahead = new ReadAhead(20L * MiB);
        var archive = new MemoryStream(new byte[40 * MiB]);
        using (var pump = Start(archive, ahead))
        {
            Assert.True(SpinWait.SpinUntil(() => archive.Position == Ring + (20 * MiB), 10_000));
            Take(pump, taken * MiB);
        }
        Assert.Equal(20, Enumerable.Range(0, 30).Count(_ => ahead.TryTake()));
    }

    [Fact]
    public void What_is_being_extracted_takes_no_more_than_its_ring()
    {
        var ahead = new ReadAhead(20L * MiB);
        var archive = new MemoryStream(new byte[60 * MiB]);
        using var pump = Start(archive, ahead);
        Assert.True(SpinWait.SpinUntil(() => archive.Position == Ring + (20 * MiB), 10_000));
        Take(pump, 30 * MiB);
        Assert.False(SpinWait.SpinUntil(() => archive.Position > Ring + (31 * MiB), 200));
        Assert.True(ahead.TryTake());
    }

    private static ArchivePump Start(Stream archive, ReadAhead ahead) => new(archive, ExtractionLimits.Default, null, CancellationToken.None, ahead);

    private static void Take(ArchivePump pump, int bytes)
    {
        while (bytes > 0)
        {
            var piece = pump.Peek(bytes).Length;
            Assert.NotEqual(0, piece);
            pump.Advance(piece);
            bytes -= piece;
        }
    }
}
