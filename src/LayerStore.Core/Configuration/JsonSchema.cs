using System.Text.Json.Nodes;
using LayerStore.Drivers;

namespace LayerStore.Configuration;

/// <summary>The JSON schema (draft 2020-12) by which editors check and complete <c>layerstore.yaml</c>.</summary>
internal static class JsonSchema
{
    /// <summary>Makes it of <see cref="Settings"/>, so that neither can say what the other does not.</summary>
    public static JsonObject Create()
    {
        var schema = Group();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "LayerStore's configuration (layerstore.yaml)");
        foreach (var setting in Settings.All)
        {
            var group = schema;
            var parts = setting.Name.Split('.');
            foreach (var part in parts[..^1])
                group = Below(group, part);
            if (setting.Type == SettingType.DriverOption)
                AddDriverOptions(group);
            else
                ((JsonObject)group["properties"]!)[parts[^1]] = Value(setting);
        }
        return schema;
    }

    private static JsonObject Group() => new() { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = false, ["properties"] = new JsonObject() };

    private static JsonObject Below(JsonObject group, string name)
    {
        if (name == "*")
        {
            if (group["additionalProperties"] is not JsonObject any)
                group["additionalProperties"] = any = Group();
            return any;
        }
        var properties = (JsonObject)group["properties"]!;
        return (JsonObject)(properties[name] ??= Group());
    }

    private static void AddDriverOptions(JsonObject group)
    {
        foreach (var option in DriverCatalog.All.SelectMany(driver => driver.Options))
            ((JsonObject)group["properties"]!)[option.Name] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["description"] = option.Description };
    }

    private static JsonObject Value(Setting setting)
    {
        var schema = setting.Type switch
        {
            SettingType.Path => new JsonObject { ["type"] = "string", ["pattern"] = "^/" },
            SettingType.Driver => new JsonObject { ["enum"] = new JsonArray([.. DriverCatalog.All.Select(driver => (JsonNode)driver.Name)]) },
            SettingType.Boolean => new JsonObject { ["type"] = "boolean" },
            SettingType.Count => new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            SettingType.Size => new JsonObject { ["type"] = new JsonArray("integer", "string"), ["minimum"] = 1, ["pattern"] = "^[0-9.]+ ?([kKMGTPE]i?)?[bB]?$" },
            _ => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } },
        };
        schema["description"] = setting.Description;
        return schema;
    }
}
