using System.Text;
using LayerStore.Archives.TarSplit;

namespace LayerStore.Tests.Export;

public sealed class Crc64Tests
{
    [Theory]
    [InlineData("", 0x0UL)]
    [InlineData("123456789", 0xb90956c775a41001UL)] // The check value of CRC-64/GO-ISO.
    public void The_checksum_is_that_of_ISO_3309(string text, ulong expected) =>
        Assert.Equal(expected, Crc64.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Every_length_and_every_split_gives_what_the_definition_gives()
    {
        var random = new Random(64);
        var bytes = new byte[1500];
        random.NextBytes(bytes);
        for (var length = 0; length < bytes.Length; length += length < 300 ? 1 : 97)
        {
            var expected = Slow(bytes.AsSpan(0, length));
            Assert.Equal(expected, Crc64.Of(bytes.AsSpan(0, length)));
            var crc = new Crc64();
            for (var at = 0; at < length;)
            {
                var count = Math.Min(length - at, random.Next(1, 400));
                crc.Append(bytes.AsSpan(at, count));
                at += count;
            }
            Assert.Equal(expected, crc.Value);
        }
    }

    private static ulong Slow(ReadOnlySpan<byte> bytes)
    {
        var state = ulong.MaxValue;
        foreach (var octet in bytes)
        {
            state ^= octet;
            for (var bit = 0; bit < 8; bit++)
                state = (state & 1) != 0 ? (state >> 1) ^ 0xD800000000000000 : state >> 1;
        }
        return ~state;
    }
}
