using System.Globalization;
using System.Text;

namespace LayerStore;

/// <summary>Makes untrusted text safe to print: control characters and lone surrogates become <c>\xNN</c> or <c>\uNNNN</c>.</summary>
public static class Printable
{
    /// <summary>Escapes what a terminal would obey.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text) || !text.AsSpan().ContainsAny(Unprintable))
            return text ?? "";
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes turns lone surrogates into U+FFFD, which is safe to print.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                result.Append(rune);
        }
        return result.ToString();
    }

    /// <summary>As <see cref="Escape(string)"/>, for the raw bytes of a name; what is not UTF-8 becomes <c>\xNN</c>.</summary>
    public static string Escape(ReadOnlySpan<byte> name)
    {
        var result = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out var rune, out var used) == System.Buffers.OperationStatus.Done)
                result.Append(rune);
            else
                foreach (var b in name[..used])
                    result.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
            name = name[used..];
        }
        return Escape(result.ToString());
    }

    private static readonly System.Buffers.SearchValues<char> Unprintable = System.Buffers.SearchValues.Create(
        Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c)
            .Where(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator).ToArray());
}
