using System.Buffers;

namespace LayerStore;

/// <summary>What identifiers are made of.</summary>
internal static class Hexadecimal
{
    private static readonly SearchValues<char> LowerDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>True where the text has nothing but lower-case hexadecimal digits.</summary>
    public static bool IsLower(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerDigits);
}
