using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LayerStore.Drivers;

namespace LayerStore.Configuration;

/// <summary>Writes the JSON schema (draft 7, which editors know best) by which editors check and complete a configuration.</summary>
public static class ConfigurationSchema
{
    /// <summary>The name under which a JSON file may name its schema.</summary>
    internal const string Reference = "$schema";

    // As ByteSize reads sizes, in Docker's spelling; what is too large for a number is left to Test-StorageConfiguration.
    private const string SizePattern = "^([0-9]+|[0-9]*[.][0-9]+) *([kKmMgGtTpPeE][iI]?)?[bB]?$";

    /// <summary>The schema as a text.</summary>
    public static string Write()
    {
        var top = Group("What layerstore.yaml may say; see about_LayerStore_Configuration.", Below([]));
        top.Insert(0, Reference, "http://json-schema.org/draft-07/schema#");
        top.Insert(1, "title", "LayerStore configuration");
        ((JsonObject)top["properties"]!).Insert(0, Reference, new JsonObject { ["type"] = "string", ["description"] = "This schema's address, for editors." });
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
            top.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>What may stand below a place: by name, or for every name where the user chooses it.</summary>
    private static JsonObject Below(IReadOnlyList<string> at)
    {
        var result = new JsonObject();
        foreach (var name in Settings.NamesBelow(at))
        {
            IReadOnlyList<string> here = [.. at, name];
            if (Settings.Find(here) is { Type: SettingType.DriverOption })
                AddDriverOptions(result);
            else
                result[name] = Settings.Find(here) is { } setting ? Value(setting) : Group(DescriptionOf(here), Below(here));
        }
        return result;
    }

    private static JsonObject Group(string description, JsonObject below)
    {
        var group = new JsonObject { ["type"] = Types("object"), ["description"] = description };
        if (below.TryGetPropertyValue("*", out var each))
        {
            below.Remove("*");
            group["additionalProperties"] = each;
        }
        else
        {
            group["properties"] = below;
            group["additionalProperties"] = false;
        }
        return group;
    }

    private static string DescriptionOf(IReadOnlyList<string> at) => at switch
    {
        ["driverOptions"] => "Options of new stores' drivers by Docker's names; each driver takes its own.",
        ["registries"] => "How registries are reached, by the names that references have for them: docker.io, localhost:5000.",
        ["limits"] => "What one layer may ask of the machine.",
        _ => "How this registry is reached.",
    };

    private static JsonObject Value(Setting setting)
    {
        var value = setting.Type switch
        {
            SettingType.Path => new JsonObject { ["type"] = Types("string"), ["pattern"] = "^/" },
            SettingType.Driver => new JsonObject { ["enum"] = new JsonArray([.. DriverCatalog.All.Select(driver => (JsonNode)driver.Name), null]) },
            SettingType.Boolean => new JsonObject { ["type"] = Types("boolean") },
            SettingType.Count => new JsonObject { ["type"] = Types("integer"), ["minimum"] = 1, ["maximum"] = int.MaxValue },
            SettingType.Size => new JsonObject { ["type"] = Types("integer", "string"), ["minimum"] = 1, ["pattern"] = SizePattern },
            _ => new JsonObject
            {
                ["type"] = Types("array", "string"),
                ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^https?://" },
                ["pattern"] = "^https?://",
            },
        };
        value["description"] = setting.Description;
        if (setting.Default is { } standard)
            value["default"] = long.Parse(standard, CultureInfo.InvariantCulture);
        return value;
    }

    private static void AddDriverOptions(JsonObject result)
    {
        foreach (var option in DriverCatalog.All.SelectMany(driver => driver.Options))
        {
            var value = option.Type switch
            {
                DriverOptionType.Boolean => new JsonObject { ["enum"] = new JsonArray(true, false, "true", "false", "1", "0", 1, 0, null) },
                DriverOptionType.Choice => new JsonObject { ["enum"] = new JsonArray([.. option.Values.Select(choice => (JsonNode)choice), null]) },
                DriverOptionType.Size => new JsonObject { ["type"] = Types("integer", "string"), ["pattern"] = SizePattern },
                DriverOptionType.Percentage => new JsonObject { ["type"] = Types("integer", "string"), ["pattern"] = "^[0-9]+%?$" },
                DriverOptionType.Number => new JsonObject { ["type"] = Types("integer", "string"), ["pattern"] = "^[0-9]+$" },
                _ => new JsonObject { ["type"] = Types("string", "number", "boolean") },
            };
            value["description"] = option.Description;
            if (option.Default is { } standard)
                value["default"] = standard;
            result[option.Name] = value;
        }
    }

    /// <summary>These types, or nothing: a name without a value says nothing.</summary>
    private static JsonArray Types(params ReadOnlySpan<string> types) => [.. types.ToArray().Select(type => (JsonNode)type), "null"];
}
