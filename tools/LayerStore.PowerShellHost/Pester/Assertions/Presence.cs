using System.Collections;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-BeTrue, -BeFalse and -BeNullOrEmpty.</summary>
internal static class Presence
{
    public static Assertion BeTrue(object? actual)
        => new(LanguagePrimitives.IsTrue(actual), "$true", "$false", $"got {ValueText.Of(actual)}");

    public static Assertion BeFalse(object? actual)
        => new(!LanguagePrimitives.IsTrue(actual), "$false", "$true", $"got {ValueText.Of(actual)}");

    public static Assertion BeNullOrEmpty(IReadOnlyList<object?> actual)
    {
        var holds = actual.Count == 0 || (actual.Count == 1 && IsEmpty(actual[0]));
        return new Assertion(holds, "$null or empty", "a value", holds ? "got $null or empty" : $"got {ValueText.Of(actual.Count == 1 ? actual[0] : actual)}");
    }

    private static bool IsEmpty(object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain is Hashtable table ? table.Count == 0 : string.IsNullOrEmpty(LanguagePrimitives.ConvertTo<string>(value));
    }
}
