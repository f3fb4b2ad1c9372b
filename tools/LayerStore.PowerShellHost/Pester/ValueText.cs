using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>A value as messages show it, so that a string, a number and nothing are told apart.</summary>
internal static class ValueText
{
    private const int ItemLimit = 10;

    public static string Of(object? value)
    {
        switch (value is PSObject wrapped ? wrapped.BaseObject : value)
        {
            case null:
                return "$null";
            case "":
                return "<empty>";
            case string text:
                return $"'{text}'";
            case bool truth:
                return truth ? "$true" : "$false";
            case DateTime time:
                return time.ToString("o", CultureInfo.InvariantCulture);
            case Type type:
                return $"[{type}]";
            case ScriptBlock block:
                return "{" + block + "}";
            case IDictionary dictionary:
                return "@{" + string.Join("; ", Entries(dictionary)) + "}";
            case IEnumerable items:
                return OfItems(items);
            case PSCustomObject:
                return value?.ToString() ?? string.Empty;
            case IFormattable formattable:
                return formattable.ToString(null, CultureInfo.InvariantCulture);
            default:
                return LanguagePrimitives.ConvertTo<string>(value);
        }
    }

    private static IEnumerable<string> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return $"{entry.Key}={Of(entry.Value)}";
        }
    }

    private static string OfItems(IEnumerable items)
    {
        var texts = items.Cast<object?>().Select(Of).ToList();
        var more = texts.Count > ItemLimit ? $", ... {texts.Count - ItemLimit} more" : string.Empty;
        return $"@({string.Join(", ", texts.Take(ItemLimit))}{more})";
    }
}
