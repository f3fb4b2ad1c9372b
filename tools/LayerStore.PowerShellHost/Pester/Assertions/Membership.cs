using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-Contain, -BeIn and -HaveCount.</summary>
internal static class Membership
{
    public static Assertion Contain(IReadOnlyList<object?> actual, object? expected)
    {
        var holds = actual.Any(item => Equality.AreSame(item, expected, ignoreCase: true));
        var collection = ValueText.Of(actual);
        return new Assertion(holds, $"{ValueText.Of(expected)} to be in {collection}", $"{ValueText.Of(expected)} not to be in {collection}", holds ? "it was found" : "it was not found");
    }

    public static Assertion BeIn(object? actual, object? expected)
    {
        var items = LanguagePrimitives.GetEnumerable(expected)?.Cast<object?>() ?? [expected];
        return Contain(items.ToList(), actual);
    }

    public static Assertion HaveCount(IReadOnlyList<object?> actual, int expected)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        return new Assertion(actual.Count == expected, $"{expected} item(s)", $"a number of items other than {expected}", $"got {actual.Count}: {ValueText.Of(actual)}");
    }
}
