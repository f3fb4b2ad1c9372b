using System.Collections;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>One row of -ForEach: <c>$_</c>, and for a dictionary a variable for each key.</summary>
internal sealed record TestData(bool IsPresent, object? Row)
{
    public static TestData None { get; } = new(IsPresent: false, Row: null);

    /// <summary>The rows that -ForEach was given, taken apart as <c>foreach</c> takes them.</summary>
    public static IEnumerable<TestData> RowsOf(object? values)
    {
        var rows = LanguagePrimitives.GetEnumerable(values);
        if (rows is null)
        {
            return values is null ? [] : [new TestData(IsPresent: true, values)];
        }

        return rows.Cast<object?>().Select(row => new TestData(IsPresent: true, row)).ToList();
    }

    /// <summary>The variables that the row defines, in the order in which they are set.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Variables()
    {
        if (!IsPresent)
        {
            yield break;
        }

        yield return new("_", Row);
        foreach (var pair in Named())
        {
            yield return pair;
        }
    }

    /// <summary>The variables that are handed to a script block with parameters, too.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Named()
    {
        var row = Row is PSObject wrapped ? wrapped.BaseObject : Row;
        if (row is not IDictionary dictionary)
        {
            yield break;
        }

        foreach (DictionaryEntry entry in dictionary)
        {
            yield return new(entry.Key.ToString() ?? string.Empty, entry.Value);
        }
    }
}
