using System.Management.Automation;
using LayerStore.Configuration;

namespace LayerStore.PS;

/// <summary>A cmdlet that works on configurations: it knows which file is meant, and what values mean.</summary>
public abstract class ConfigurationCommand : ModuleCommand
{
    /// <summary>The schema that editors check a configuration by, as the module brings it.</summary>
    private protected static string SchemaPath => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(typeof(ConfigurationCommand).Assembly.Location)!, "LayerStore.schema.json");

    /// <summary>The file to change: the one that is named, the scope's, the one that the environment names, the user's.</summary>
    private protected string ResolveTarget(string? path, ConfigurationScope? scope) =>
        path is not null ? ResolveFilePath(path) : scope is { } whose ? ConfigurationFile.PathOf(whose) : ConfigurationFile.NamedPath ?? ConfigurationFile.PathOf(ConfigurationScope.User);

    /// <summary>A value as PowerShell has it, as the library takes it.</summary>
    private protected static object? ToValue(string name, object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        var type = Settings.Resolve(name)?.Type;
        return plain switch
        {
            null or bool or string[] => plain,
            SwitchParameter flag => flag.IsPresent,
            string text when type == SettingType.Boolean && bool.TryParse(text, out var flag) => flag,
            string text => type == SettingType.Addresses ? new[] { text } : text,
            System.Collections.IEnumerable list => list.Cast<object?>().Select(item => item?.ToString() ?? "").ToArray(),
            sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(plain, System.Globalization.CultureInfo.InvariantCulture),
            _ => LanguagePrimitives.ConvertTo<string>(plain),
        };
    }
}
