using System.Text;
using LayerStore.Tests.Archives;

namespace LayerStore.Tests.Fuzzing;

/// <summary>Damages inputs as chance wants it: single bits, numbers at their limits, pieces that go, come twice or change places.</summary>
internal static class Mutator
{
    private static readonly byte[][] s_texts =
    [
        .. ((string[])["../", "/", ".", "..", "", "\0", "\n", "\u001b[0m", ".wh.", ".wh..wh..opq", "\u202e", "-1", "0", "9223372036854775807", "18446744073709551615", "1e9", "null", "{}", "[]", "\"", "\\u0000",
            "sha256:", "true", "0x10", "😀", "\ufeff"]).Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0x80, 0, 0, 0, 0, 0, 0, 0],
    ];

    /// <summary>Damages text or other bytes without an inner structure.</summary>
    public static byte[] Bytes(Random random, byte[] input)
    {
        var bytes = new List<byte>(input);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(bytes.Count - at, random.Next(1, random.Next(4) == 0 ? 200 : 9));
            switch (random.Next(8))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length)); break;
                case 4 when random.Next(4) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5 when random.Next(10) == 0: bytes.InsertRange(at, Enumerable.Repeat(bytes.GetRange(at, length), 200).SelectMany(piece => piece)); break;
                default:
                    bytes.RemoveRange(at, random.Next(2) * length);
                    bytes.InsertRange(at, s_texts[random.Next(s_texts.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Damages a tar archive: its headers mostly, with sums that are right again, so that what reads on behind the first look is reached.</summary>
    public static byte[] Tar(Random random, byte[] archive)
    {
        var bytes = new List<byte>(archive);
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count >= 512; changes--)
        {
            var block = random.Next(bytes.Count / 512) * 512;
            switch (random.Next(12))
            {
                case 0: bytes.RemoveRange(block, 512); break;
                case 1: bytes.InsertRange(random.Next(bytes.Count / 512) * 512, bytes.GetRange(block, 512)); break;
                case 2 when random.Next(3) == 0: bytes.RemoveRange(block, bytes.Count - block - random.Next(2) * Math.Min(100, bytes.Count - block)); break;
                case 3: bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8)); break;
                default: Header(random, bytes, block); break;
            }
        }
        return [.. bytes];
    }

    private static void Header(Random random, List<byte> bytes, int block)
    {
        var header = bytes.GetRange(block, 512).ToArray();
        // Name, mode, owner, group, size, time, type, link, magic, device numbers, prefix and GNU's sparse fields.
        (int At, int Length)[] fields = [(0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (329, 8), (337, 8), (345, 155), (386, 96), (482, 1), (483, 12)];
        var (at, length) = fields[random.Next(fields.Length)];
        var field = header.AsSpan(at, length);
        switch (random.Next(6))
        {
            case 0: field[random.Next(length)] = (byte)random.Next(256); break;
            case 1: field.Fill((byte)"7/x\0."[random.Next(5)]); break;
            case 2 when length == 1: field[0] = (byte)"0123456789LKxgSDMVNA\0"[random.Next(21)]; break;
            case 3 when length is 8 or 12:
                TarBuilder.Number(header, at, length, random.Next(6) switch { 0 => -1, 1 => long.MaxValue, 2 => 511, 3 => 513, 4 => uint.MaxValue, _ => random.Next(5000) });
                break;
            case 4:
                var text = s_texts[random.Next(s_texts.Length)];
                text.AsSpan(0, Math.Min(text.Length, length)).CopyTo(field);
                break;
            default: field[random.Next(length)] ^= (byte)(1 << random.Next(8)); break;
        }
        if (random.Next(20) > 0)
            TarBuilder.WriteChecksum(header, signed: random.Next(20) == 0);
        for (var index = 0; index < 512; index++)
            bytes[block + index] = header[index];
    }
}
