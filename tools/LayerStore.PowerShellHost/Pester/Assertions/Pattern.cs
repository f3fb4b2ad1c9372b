using System.Management.Automation;
using System.Text.RegularExpressions;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-Match, -MatchExactly, -BeLike and -BeLikeExactly.</summary>
internal static class Pattern
{
    public static Assertion Match(object? actual, string expression, bool ignoreCase)
    {
        var holds = Regex.IsMatch(Text(actual), expression, ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        return Found(holds, $"the regular expression {ValueText.Of(expression)}", actual);
    }

    public static Assertion Like(object? actual, string wildcard, bool ignoreCase)
    {
        var pattern = WildcardPattern.Get(wildcard, ignoreCase ? WildcardOptions.IgnoreCase : WildcardOptions.None);
        return Found(pattern.IsMatch(Text(actual)), $"the wildcard {ValueText.Of(wildcard)}", actual);
    }

    private static Assertion Found(bool holds, string pattern, object? actual)
        => new(holds, $"{pattern} to match {ValueText.Of(actual)}", $"{pattern} not to match {ValueText.Of(actual)}", holds ? "it did" : "it did not");

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value) ?? string.Empty;
}
