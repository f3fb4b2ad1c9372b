using System.Globalization;
using System.Text;

namespace LayerStore.Tests.Archives;

/// <summary>Writes tar archives byte by byte, so that a test can write any header that no tool would.</summary>
/// <example><code>new TarBuilder().Directory("d/").File("d/f", "hello").Symlink("l", "d/f").End()</code></example>
internal sealed class TarBuilder
{
    public const long Time = 1_700_000_000;

    private readonly List<byte> _bytes = [];

    /// <summary>Fields of one header; what is not set has an ordinary value.</summary>
    public sealed record Header
    {
        public required byte[] Name { get; init; }
        public char Type { get; init; } = '0';
        public uint Mode { get; init; } = 0x1a4;
        public long Uid { get; init; }
        public long Gid { get; init; }
        public long Size { get; init; }
        public long Time { get; init; } = TarBuilder.Time;
        public byte[] Link { get; init; } = [];
        public string Magic { get; init; } = "ustar\0" + "00";
        public uint Major { get; init; }
        public uint Minor { get; init; }
        public string Prefix { get; init; } = "";

        /// <summary>Changes the block before its checksum is written.</summary>
        public Action<byte[]>? Change { get; init; }
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public TarBuilder File(string name, string content = "", uint mode = 0x1a4, long uid = 0, long gid = 0, long time = Time) =>
        File(name, Text(content), mode, uid, gid, time);

    public TarBuilder File(string name, byte[] content, uint mode = 0x1a4, long uid = 0, long gid = 0, long time = Time) =>
        Add(new Header { Name = Text(name), Mode = mode, Uid = uid, Gid = gid, Size = content.Length, Time = time }, content);

    public TarBuilder Directory(string name, uint mode = 0x1ed, long uid = 0, long gid = 0, long time = Time) =>
        Add(new Header { Name = Text(name), Type = '5', Mode = mode, Uid = uid, Gid = gid, Time = time });

    public TarBuilder Symlink(string name, string target, long uid = 0, long gid = 0) =>
        Add(new Header { Name = Text(name), Type = '2', Mode = 0x1ff, Link = Text(target), Uid = uid, Gid = gid });

    public TarBuilder HardLink(string name, string target, uint mode = 0x1a4) =>
        Add(new Header { Name = Text(name), Type = '1', Mode = mode, Link = Text(target) });

    public TarBuilder Device(string name, char type, uint major, uint minor, uint mode = 0x1b6, long uid = 0, long gid = 0) =>
        Add(new Header { Name = Text(name), Type = type, Mode = mode, Major = major, Minor = minor, Uid = uid, Gid = gid });

    public TarBuilder Pipe(string name, uint mode = 0x1a4) => Add(new Header { Name = Text(name), Type = '6', Mode = mode });

    /// <summary>A local extended header for the next entry.</summary>
    public TarBuilder Pax(params (string Key, byte[] Value)[] records) => PaxRaw('x', Records(records));

    public TarBuilder Pax(string key, string value) => Pax((key, Text(value)));

    /// <summary>A global extended header.</summary>
    public TarBuilder PaxGlobal(params (string Key, byte[] Value)[] records) => PaxRaw('g', Records(records));

    public TarBuilder PaxRaw(char type, byte[] content) =>
        Add(new Header { Name = Text("PaxHeaders/x"), Type = type, Size = content.Length }, content);

    /// <summary>GNU's long name (<c>L</c>) or long link (<c>K</c>).</summary>
    public TarBuilder GnuLong(char type, string text) => GnuLong(type, [.. Text(text), 0]);

    public TarBuilder GnuLong(char type, byte[] content) =>
        Add(new Header { Name = Text("././@LongLink"), Type = type, Size = content.Length, Magic = "ustar  \0" }, content);

    public TarBuilder Add(Header header, ReadOnlySpan<byte> content = default)
    {
        var block = new byte[512];
        header.Name.AsSpan(0, Math.Min(100, header.Name.Length)).CopyTo(block);
        Number(block, 100, 8, header.Mode);
        Number(block, 108, 8, header.Uid);
        Number(block, 116, 8, header.Gid);
        Number(block, 124, 12, header.Size);
        Number(block, 136, 12, header.Time);
        block[156] = (byte)header.Type;
        header.Link.AsSpan(0, Math.Min(100, header.Link.Length)).CopyTo(block.AsSpan(157));
        Encoding.Latin1.GetBytes(header.Magic).CopyTo(block, 257);
        if (header.Magic.Length > 0)
        {
            Number(block, 329, 8, header.Major);
            Number(block, 337, 8, header.Minor);
        }
        Text(header.Prefix).CopyTo(block, 345);
        header.Change?.Invoke(block);
        WriteChecksum(block, signed: false);
        _bytes.AddRange(block);
        return Content(content);
    }

    /// <summary>Content, padded to a block.</summary>
    public TarBuilder Content(ReadOnlySpan<byte> content)
    {
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[-content.Length & 511]);
        return this;
    }

    public TarBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The archive without an end mark.</summary>
    public byte[] Bytes() => _bytes.ToArray();

    /// <summary>The archive with its end mark.</summary>
    public byte[] End() => [.. _bytes.ToArray(), .. new byte[1024]];

    public static byte[] Records(params (string Key, byte[] Value)[] records)
    {
        using var result = new MemoryStream();
        foreach (var (key, value) in records)
        {
            var payload = Text($" {key}=").Length + value.Length + 1;
            var length = payload + 1;
            while (length != payload + length.ToString(CultureInfo.InvariantCulture).Length)
                length++;
            result.Write(Text($"{length} {key}="));
            result.Write(value);
            result.WriteByte((byte)'\n');
        }
        return result.ToArray();
    }

    public static void WriteChecksum(byte[] block, bool signed)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.Sum(octet => signed ? (sbyte)octet : octet);
        Encoding.ASCII.GetBytes(Convert.ToString(sum & 0x3ffff, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
    }

    /// <summary>Octal where it fits, base-256 otherwise.</summary>
    public static void Number(byte[] block, int offset, int length, long value)
    {
        var octal = value >= 0 ? Convert.ToString(value, 8) : "";
        if (value >= 0 && octal.Length < length)
        {
            Encoding.ASCII.GetBytes(octal.PadLeft(length - 1, '0')).CopyTo(block, offset);
            return;
        }
        for (var index = length - 1; index >= 0; index--)
        {
            block[offset + index] = (byte)value;
            value >>= 8;
        }
        block[offset] |= 0x80;
    }
}
