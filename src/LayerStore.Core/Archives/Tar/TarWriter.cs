using System.Globalization;
using System.Text;
using LayerStore.Linux;

namespace LayerStore.Archives.Tar;

/// <summary>
/// Writes an archive in POSIX's ustar format, with a PAX header before an entry only where ustar cannot say it. Equal entries give equal bytes: nothing of the
/// machine, the process or the time gets in.
/// </summary>
/// <param name="destination">Where the archive goes; not disposed.</param>
internal sealed class TarWriter(Stream destination)
{
    // What eleven and seven octal digits can say.
    private const long MaxSize = 0x1_ffff_ffff, MaxId = 0x1f_ffff;

    private readonly byte[] _block = new byte[TarHeader.BlockBytes];
    private readonly SortedDictionary<byte[], byte[]> _records = new(NameComparer.Instance);
    private long _padding;

    /// <summary>Told of everything that is no content; null where nobody asks.</summary>
    public TarReader.BytesHandler? Framing { get; init; }

    /// <summary>Told of content; null where nobody asks.</summary>
    public TarReader.BytesHandler? Content { get; init; }

    /// <summary>Told of each entry, its name and length, between its header and its content; null where nobody asks.</summary>
    public Action<byte[], long>? Entry { get; init; }

    /// <summary>Begins an entry; <see cref="TarFields.Size"/> bytes of content must follow.</summary>
    public void WriteHeader(TarFields entry)
    {
        WritePadding();
        Collect(entry);
        if (_records.Count > 0)
            WritePax(entry);
        WriteBlock(entry, entry.Type);
        Entry?.Invoke(entry.Name, entry.Size);
        _padding = -entry.Size & (TarHeader.BlockBytes - 1);
    }

    /// <summary>Writes content of the entry that was begun.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        destination.Write(content);
        Content?.Invoke(content);
    }

    /// <summary>Writes a whole entry.</summary>
    public void WriteFile(TarFields entry, ReadOnlySpan<byte> content)
    {
        WriteHeader(entry with { Size = content.Length });
        Write(content);
    }

    /// <summary>Writes the mark at the archive's end.</summary>
    public void Finish()
    {
        WritePadding();
        Array.Clear(_block);
        Frame(_block);
        Frame(_block);
    }

    private void Frame(ReadOnlySpan<byte> bytes)
    {
        destination.Write(bytes);
        Framing?.Invoke(bytes);
    }

    private void WritePadding()
    {
        if (_padding == 0)
            return;
        Array.Clear(_block);
        Frame(_block.AsSpan(0, (int)_padding));
        _padding = 0;
    }

    /// <summary>Gathers what the plain header has no room for.</summary>
    private void Collect(TarFields entry)
    {
        _records.Clear();
        if (!Fits(entry.Name))
            _records.Add("path"u8.ToArray(), entry.Name);
        if (!Fits(entry.LinkName))
            _records.Add("linkpath"u8.ToArray(), entry.LinkName);
        if (entry.Size > MaxSize)
            _records.Add("size"u8.ToArray(), Number(entry.Size));
        if (entry.Uid > MaxId)
            _records.Add("uid"u8.ToArray(), Number(entry.Uid));
        if (entry.Gid > MaxId)
            _records.Add("gid"u8.ToArray(), Number(entry.Gid));
        if (entry.ModificationTime.Nanoseconds != 0 || entry.ModificationTime.Seconds is < 0 or > MaxSize)
            _records.Add("mtime"u8.ToArray(), Time(entry.ModificationTime));
        foreach (var (name, value) in entry.Xattrs)
            _records.Add([.. "SCHILY.xattr."u8, .. name], value);
    }

    private void WritePax(TarFields entry)
    {
        using var content = new MemoryStream();
        foreach (var (key, value) in _records)
        {
            // The length counts its own digits.
            var rest = 1 + key.Length + 1 + value.Length + 1;
            var length = rest + 1;
            while (length != rest + Digits(length))
                length = rest + Digits(length);
            content.Write(Number(length));
            content.WriteByte((byte)' ');
            content.Write(key);
            content.WriteByte((byte)'=');
            content.Write(value);
            content.WriteByte((byte)'\n');
        }
        var name = entry.Name.AsSpan().TrimEnd((byte)'/');
        name = name[(name.LastIndexOf((byte)'/') + 1)..];
        WriteBlock(new TarFields { Name = [.. "PaxHeaders.0/"u8, .. name[..Math.Min(name.Length, 80)]], Mode = 0x1A4, Size = content.Length }, 'x');
        Frame(content.GetBuffer().AsSpan(0, (int)content.Length));
        _padding = -content.Length & (TarHeader.BlockBytes - 1);
        WritePadding();
    }

    private void WriteBlock(TarFields entry, char type)
    {
        Array.Clear(_block);
        entry.Name.AsSpan(0, Math.Min(100, entry.Name.Length)).CopyTo(_block);
        Octal(100, 8, entry.Mode);
        Octal(108, 8, entry.Uid <= MaxId ? entry.Uid : 0);
        Octal(116, 8, entry.Gid <= MaxId ? entry.Gid : 0);
        Octal(124, 12, entry.Size <= MaxSize ? entry.Size : 0);
        Octal(136, 12, entry.ModificationTime.Seconds is >= 0 and <= MaxSize ? entry.ModificationTime.Seconds : 0);
        _block.AsSpan(148, 8).Fill((byte)' ');
        _block[156] = (byte)type;
        entry.LinkName.AsSpan(0, Math.Min(100, entry.LinkName.Length)).CopyTo(_block.AsSpan(157));
        "ustar\0"u8.CopyTo(_block.AsSpan(257));
        "00"u8.CopyTo(_block.AsSpan(263));
        if (type is '3' or '4')
        {
            Octal(329, 8, entry.DeviceMajor);
            Octal(337, 8, entry.DeviceMinor);
        }
        var sum = 0;
        foreach (var octet in _block)
            sum += octet;
        Octal(148, 7, sum);
        Frame(_block);
    }

    private void Octal(int at, int length, long value)
    {
        for (var index = at + length - 2; index >= at; index--, value >>= 3)
            _block[index] = (byte)('0' + (value & 7));
        _block[at + length - 1] = 0;
    }

    // A name that is not ASCII may be read in another encoding where it stands in the plain header.
    private static bool Fits(byte[] text) => text.Length <= 100 && Ascii.IsValid(text);

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Time(TimeSpec time)
    {
        // PAX writes a decimal number: -0.25 is the second -1 with 750,000,000 nanoseconds.
        var (seconds, nanoseconds, sign) = time.Seconds < 0 && time.Nanoseconds > 0
            ? (-(time.Seconds + 1), 1_000_000_000 - time.Nanoseconds, "-")
            : (Math.Abs(time.Seconds), time.Nanoseconds, time.Seconds < 0 ? "-" : "");
        var text = string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:d9}").TrimEnd('0').TrimEnd('.');
        return Encoding.ASCII.GetBytes(text);
    }
}
