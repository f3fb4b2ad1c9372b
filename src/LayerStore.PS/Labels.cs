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

    /// <summary>True where all of <paramref name="wanted"/> are there; a wanted label without a value only has to exist.</summary>
    internal static bool Match(IReadOnlyDictionary<string, string> labels, IDictionary? wanted)
    {
        foreach (DictionaryEntry label in wanted ?? new Hashtable())
        {
            if (!labels.TryGetValue(Text(label.Key), out var value) || (label.Value is not null && value != Text(label.Value)))
                return false;
        }
        return true;
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
