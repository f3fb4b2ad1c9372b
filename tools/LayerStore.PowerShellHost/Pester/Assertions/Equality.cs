using System.Globalization;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-Be and -BeExactly: values with PowerShell's -eq and -ceq, collections item by item.</summary>
internal static class Equality
{
    private const int DepthLimit = 100;

    public static Assertion Check(object? actual, object? expected, bool ignoreCase)
    {
        var holds = AreEqual(actual, expected, ignoreCase, depth: 0);
        return new Assertion(holds, ExpectedText(actual, expected), $"a value different from {ValueText.Of(expected)}", holds ? "got the same" : FoundText(actual, expected, ignoreCase));
    }

    /// <summary>True where two values are the same to PowerShell's -eq or -ceq; the left one converts the right one.</summary>
    public static bool AreSame(object? left, object? right, bool ignoreCase)
        => LanguagePrimitives.Equals(left, right, ignoreCase, CultureInfo.InvariantCulture);

    private static bool AreEqual(object? actual, object? expected, bool ignoreCase, int depth)
    {
        if (depth > DepthLimit)
        {
            throw new InvalidOperationException($"The collections are nested more than {DepthLimit} deep.");
        }

        var first = Items(actual);
        var second = Items(expected);
        if (IsNothing(first) || IsNothing(second))
        {
            return IsNothing(first) && IsNothing(second);
        }

        if (first.Count != second.Count)
        {
            return false;
        }

        for (var i = 0; i < first.Count; i++)
        {
            var equal = IsArray(first[i]) || IsArray(second[i])
                ? AreEqual(first[i], second[i], ignoreCase, depth + 1)
                : AreSame(second[i], first[i], ignoreCase);
            if (!equal)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The items as <c>@(…)</c> takes them; a scalar is one item.</summary>
    private static List<object?> Items(object? value)
        => value is null ? [] : LanguagePrimitives.GetEnumerable(value)?.Cast<object?>().ToList() ?? [value];

    private static bool IsNothing(List<object?> items) => items.Count == 0 || (items.Count == 1 && items[0] is null);

    private static bool IsArray(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) is Array;

    private static string ExpectedText(object? actual, object? expected)
    {
        var (first, second) = (Items(actual), Items(expected));
        return first.Count == second.Count ? ValueText.Of(Single(expected)) : $"{second.Count} item(s): {ValueText.Of(expected)}";
    }

    private static string FoundText(object? actual, object? expected, bool ignoreCase)
    {
        var (first, second) = (Items(actual), Items(expected));
        if (first.Count != second.Count)
        {
            return $"got {first.Count} item(s): {ValueText.Of(actual)}";
        }

        var text = "got " + ValueText.Of(Single(actual));
        return Plain(Single(actual)) is string left && Plain(Single(expected)) is string right
            ? text + Difference(left, right, ignoreCase)
            : text;
    }

    private static string Difference(string actual, string expected, bool ignoreCase)
    {
        var index = 0;
        var length = Math.Min(actual.Length, expected.Length);
        while (index < length && IsSameCharacter(actual[index], expected[index], ignoreCase))
        {
            index++;
        }

        return $" (lengths {expected.Length} and {actual.Length}, they differ at index {index})";
    }

    private static bool IsSameCharacter(char left, char right, bool ignoreCase)
        => left == right || (ignoreCase && char.ToUpperInvariant(left) == char.ToUpperInvariant(right));

    private static object? Single(object? value) => Items(value) is [var item] ? item : value;

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
