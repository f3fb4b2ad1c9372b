using System.Globalization;
using System.Text;

namespace LayerStore.PS.Formatting;

/// <summary>Text as Docker's command line, a Go program, shortens and quotes it.</summary>
internal static class GoText
{
    /// <summary>At most <paramref name="width"/> columns; what is longer ends in an ellipsis. East Asian wide characters take two columns.</summary>
    internal static string Ellipsis(string text, int width)
    {
        var total = 0;
        foreach (var rune in text.EnumerateRunes())
            total += Width(rune);
        if (total <= width)
            return text;
        var result = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Width(rune);
            if (used > width - 1)
                break;
            result.Append(rune);
        }
        return result.Append('…').ToString();
    }

    /// <summary>In double quotes, with Go's escapes for what does not print.</summary>
    internal static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append(@"\\"),
                '\a' => result.Append(@"\a"),
                '\b' => result.Append(@"\b"),
                '\f' => result.Append(@"\f"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                '\t' => result.Append(@"\t"),
                '\v' => result.Append(@"\v"),
                _ when Prints(rune) => result.Append(rune),
                < 0x80 => result.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xFFFF => result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => result.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }
        return result.Append('"').ToString();
    }

    private static bool Prints(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>The wide ranges of Unicode's EastAsianWidth.txt, in whole blocks.</summary>
    private static int Width(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
}
