using System.Buffers.Text;
using LayerStore.Linux;

namespace LayerStore.Archives.Tar;

/// <summary>The ways in which tar writes numbers: octal text, GNU's base-256, PAX's decimals with fractions.</summary>
internal static class TarNumber
{
    /// <summary>A header field: octal digits between spaces and NULs, or base-256 where the first bit is set. An empty field is zero.</summary>
    public static bool TryParseField(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if (field[0] >= 0x80)
            return TryParseBase256(field, out value);
        var index = 0;
        while (index < field.Length && field[index] is (byte)' ' or 0)
            index++;
        for (; index < field.Length && field[index] is >= (byte)'0' and <= (byte)'7'; index++)
        {
            // Twelve octal digits are 36 bits: no field of a header can overflow.
            value = (value << 3) | (uint)(field[index] - '0');
        }
        return field[index..].IndexOfAnyExcept((byte)' ', (byte)0) < 0;
    }

    /// <summary>A decimal number of a PAX record, without sign or spaces.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        return !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9'
            && Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;
    }

    /// <summary>A PAX time: seconds since 1970 with an optional fraction, which is cut after nanoseconds.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out TimeSpec time)
    {
        time = default;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text : text[..dot];
        var fraction = dot < 0 ? [] : text[(dot + 1)..];
        if (!TryParseDecimal(whole, out var seconds) || fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            return false;
        long nanoseconds = 0;
        for (var digit = 0; digit < 9; digit++)
            nanoseconds = nanoseconds * 10 + (digit < fraction.Length ? fraction[digit] - '0' : 0);
        if (negative)
        {
            // A timespec's nanoseconds count upwards: -1.5 s is -2 s and 500,000,000 ns.
            seconds = -seconds;
            if (nanoseconds > 0)
            {
                seconds--;
                nanoseconds = 1_000_000_000 - nanoseconds;
            }
        }
        time = new TimeSpec(seconds, nanoseconds);
        return true;
    }

    private static bool TryParseBase256(ReadOnlySpan<byte> field, out long value)
    {
        // The marker bit goes, the next one is the sign of a two's complement number.
        var negative = (field[0] & 0x40) != 0;
        value = negative ? -1 : 0;
        for (var index = 0; index < field.Length; index++)
        {
            var octet = index > 0 ? field[index] : negative ? field[0] | 0x80 : field[0] & 0x7f;
            var top = value >> 55;
            if (top != 0 && top != -1)
                return false;
            value = (value << 8) | (uint)octet;
        }
        return negative == value < 0;
    }
}
