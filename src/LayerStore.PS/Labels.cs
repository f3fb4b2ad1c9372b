using System.Collections;
using System.Globalization;

namespace LayerStore.PS;

/// <summary>Labels as users write them: to set, and to ask for.</summary>
internal static class Labels
{
    internal static Dictionary<string, string> From(IDictionary? labels)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry label in labels ?? new Hashtable())
            result[Text(label.Key)] = Text(label.Value);
        return result;
    }

    /// <summary>Labels that are asked for; null where any value will do.</summary>
    internal static Dictionary<string, string?> Wanted(IDictionary? labels)
    {
        var result = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry label in labels ?? new Hashtable())
            result[Text(label.Key)] = label.Value is null ? null : Text(label.Value);
        return result;
    }

    /// <summary>True where all of <paramref name="wanted"/> are there; a wanted label without a value only has to exist.</summary>
    internal static bool Match(IReadOnlyDictionary<string, string> labels, IDictionary? wanted)
    {
        foreach (var (name, value) in Wanted(wanted))
        {
            if (!labels.TryGetValue(name, out var actual) || (value is not null && actual != value))
                return false;
        }
        return true;
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
