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
    public static string Format(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (unit < Units.Length - 1 && Rounded(size) >= 1000)
        {
            size /= 1000;
            unit++;
        }
        return Rounded(size).ToString("0.##", CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>Docker's size column: <c>2B (virtual 7.5MB)</c>.</summary>
    public static string FormatWithVirtual(long bytes, long virtualBytes) => $"{Format(bytes)} (virtual {Format(virtualBytes)})";

    private static double Rounded(double size)
    {
        var magnitude = Math.Abs(size);
        var decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2;
        return Math.Round(size, decimals, MidpointRounding.ToEven);
    }
}
