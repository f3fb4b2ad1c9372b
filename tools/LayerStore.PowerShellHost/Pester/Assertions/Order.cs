using System.Globalization;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-BeGreaterThan and its kin, by PowerShell's -gt and -lt.</summary>
internal static class Order
{
    public static Assertion GreaterThan(object? actual, object? expected) => Check(actual, expected, sign => sign > 0, "greater than", "less than or equal to");

    public static Assertion GreaterOrEqual(object? actual, object? expected) => Check(actual, expected, sign => sign >= 0, "greater than or equal to", "less than");

    public static Assertion LessThan(object? actual, object? expected) => Check(actual, expected, sign => sign < 0, "less than", "greater than or equal to");

    public static Assertion LessOrEqual(object? actual, object? expected) => Check(actual, expected, sign => sign <= 0, "less than or equal to", "greater than");

    private static Assertion Check(object? actual, object? expected, Func<int, bool> test, string relation, string opposite)
    {
        var sign = LanguagePrimitives.Compare(actual, expected, ignoreCase: true, CultureInfo.InvariantCulture);
        return new Assertion(test(sign), $"a value {relation} {ValueText.Of(expected)}", $"a value {opposite} {ValueText.Of(expected)}", $"got {ValueText.Of(actual)}");
    }
}
