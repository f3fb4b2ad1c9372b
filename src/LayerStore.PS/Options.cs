using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Driver options as users write them.</summary>
internal static class Options
{
    /// <summary>The options as drivers take them; null where there are none to take.</summary>
    internal static DriverOptions? From(IDictionary? table)
    {
        if (table is null)
            return null;
        var options = new DriverOptions();
        foreach (DictionaryEntry option in table)
        {
            // Docker writes its booleans in lower case, PowerShell does not.
            var value = option.Value is PSObject wrapped ? wrapped.BaseObject : option.Value;
            options[Convert.ToString(option.Key, CultureInfo.InvariantCulture) ?? ""] = value switch
            {
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
        }
        return options;
    }
}
