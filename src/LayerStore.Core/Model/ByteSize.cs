using System.Globalization;

namespace LayerStore;

/// <summary>
/// Sizes as Docker prints and reads them. Docker formats with Go's <c>%.3g</c> (go-units, HumanSizeWithPrecision):
/// decimal units, three significant digits; one difference is deliberate: where Go prints <c>1e+03MB</c>, we print <c>1GB</c>.
/// </summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary><paramref name="bytes"/> as <c>0B</c>, <c>81B</c>, <c>109kB</c>, <c>1.05MB</c>; culture-invariant.</summary>
    public static string Format(long bytes) => Format(bytes, 3);

    /// <summary>As <c>docker info</c> writes sizes (HumanSize), with four digits: <c>65.54kB</c>, <c>107.4GB</c>.</summary>
    public static string FormatWithFourDigits(long bytes) => Format(bytes, 4);

    /// <summary>Docker's size column: <c>2B (virtual 7.5MB)</c>.</summary>
    public static string FormatWithVirtual(long bytes, long virtualBytes) => $"{Format(bytes)} (virtual {Format(virtualBytes)})";

    /// <summary>
    /// Reads what people write: <c>512</c>, <c>10GB</c>, <c>1.5 kB</c>. As with Docker <c>k</c>, <c>kB</c>, <c>M</c>, <c>MB</c> … are decimal in any case of letters;
    /// <c>KiB</c>, <c>MiB</c> … are binary.
    /// </summary>
    public static bool TryParse(string? text, out long bytes) => TryParse(text, 1000, out bytes);

    /// <summary>Reads sizes as Docker reads its storage options (go-units, RAMInBytes): <c>10g</c>, <c>10GB</c> and <c>10GiB</c> are all ten times 1024³.</summary>
    public static bool TryParseBinary(string? text, out long bytes) => TryParse(text, 1024, out bytes);

    private static bool TryParse(string? text, decimal step, out long bytes)
    {
        bytes = 0;
        var number = text.AsSpan().Trim();
        var end = number.LastIndexOfAnyInRange('0', '9') + 1;
        var unit = number[end..].Trim();
        number = number[..end];
        if (unit is [.., 'b' or 'B'])
            unit = unit[..^1];
        if (unit is [_, 'i' or 'I'])
        {
            step = 1024;
            unit = unit[..1];
        }
        var power = unit.Length == 0 ? 0 : unit.Length > 1 ? -1 : "KMGTPE".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1;
        if (power < 0 || (unit.Length == 1 && power == 0)
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return false;
        for (; power > 0 && value <= long.MaxValue; power--)
            value *= step;
        if (power > 0 || value > long.MaxValue)
            return false;
        bytes = (long)value;
        return true;
    }

    private static string Format(double size, int digits)
    {
        var unit = 0;
        while (unit < Units.Length - 1 && Rounded(size, digits) >= 1000)
        {
            size /= 1000;
            unit++;
        }
        return Rounded(size, digits).ToString("0.###", CultureInfo.InvariantCulture) + Units[unit];
    }

    private static double Rounded(double size, int digits)
    {
        var magnitude = Math.Abs(size);
        var before = magnitude >= 100 ? 3 : magnitude >= 10 ? 2 : 1;
        return Math.Round(size, digits - before, MidpointRounding.ToEven);
    }
}
