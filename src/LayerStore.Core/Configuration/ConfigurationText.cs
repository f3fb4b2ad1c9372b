using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LayerStore.Configuration;

/// <summary>Writes values and whole configurations as YAML or JSON.</summary>
internal static class ConfigurationText
{
    private const string YamlWordsWithMeaning = "|~|null|true|false|yes|no|on|off|y|n|";

    /// <summary>A setting's value on one line of YAML.</summary>
    public static string Value(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        IEnumerable<string> list => "[" + string.Join(", ", list.Select(Text)) + "]",
        _ => Text((string)value),
    };

    /// <summary>A text that YAML reads as this very text: plain where nobody can mistake it, else in double quotes, which are JSON's.</summary>
    public static string Text(string text)
    {
        var plain = text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) | text[0] is '/' or '_' or '.'
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '.' or '-' or ':' or '=' or '%')
            && !text.EndsWith(':') && !text.Contains(": ", StringComparison.Ordinal)
            && !YamlWordsWithMeaning.Contains($"|{text.ToLowerInvariant()}|", StringComparison.Ordinal);
        return plain ? text : JsonSerializer.Serialize(text, ConfigurationJson.Default.String);
    }

    /// <summary>A configuration as a new YAML file.</summary>
    public static string Yaml(StorageConfiguration configuration, string? schema)
    {
        var result = (schema is null ? "" : $"# yaml-language-server: $schema={schema}\n") + "# LayerStore's configuration; about_LayerStore_Configuration says what may stand here.\n";
        foreach (var (parts, value) in Values(configuration))
            result = ConfigurationEditor.Set(result, parts, Value(value));
        return result;
    }

    /// <summary>A configuration as JSON, which YAML readers read as well.</summary>
    public static string Json(StorageConfiguration configuration, string? schema)
    {
        var top = new System.Text.Json.Nodes.JsonObject();
        if (schema is not null)
            top[ConfigurationSchema.Reference] = schema;
        foreach (var (parts, value) in Values(configuration))
        {
            var group = top;
            foreach (var part in parts.Take(parts.Count - 1))
                group = (System.Text.Json.Nodes.JsonObject)(group[part] ??= new System.Text.Json.Nodes.JsonObject());
            group[parts[^1]] = value switch
            {
                bool flag => flag,
                long number => number,
                IEnumerable<string> list => new System.Text.Json.Nodes.JsonArray([.. list.Select(item => (System.Text.Json.Nodes.JsonNode)item)]),
                _ => (string)value,
            };
        }
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            top.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Every setting that a configuration has, by its name in parts.</summary>
    public static IEnumerable<(IReadOnlyList<string> Parts, object Value)> Values(StorageConfiguration configuration)
    {
        if (configuration.Root is { } root)
            yield return (["root"], root);
        if (configuration.Driver is { } driver)
            yield return (["driver"], driver);
        foreach (var (name, value) in configuration.DriverOptions)
            yield return (["driverOptions", name], value);
        foreach (var registry in configuration.Registries)
        {
            if (registry.Mirrors is { } mirrors)
                yield return (["registries", registry.Name, "mirrors"], mirrors);
            if (registry.Insecure is { } insecure)
                yield return (["registries", registry.Name, "insecure"], insecure);
            if (registry.CertificateAuthority is { } authority)
                yield return (["registries", registry.Name, "certificateAuthority"], authority);
        }
        foreach (var (name, value) in configuration.Limits)
            yield return (["limits", char.ToLowerInvariant(name[0]) + name[1..]], value);
    }
}

/// <summary>Serialization that is made at compile time: no reflection at run time.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ConfigurationJson : System.Text.Json.Serialization.JsonSerializerContext;
