using System.Text.Json;

namespace LayerStore.Containers;

/// <summary>The command that an image's configuration names, written as <c>docker ps</c> shows it.</summary>
internal static class ContainerCommand
{
    /// <summary>Entry point and arguments with spaces between; an argument that has spaces itself stands in single quotes. Empty where the configuration names none.</summary>
    public static string Of(ReadOnlySpan<byte> config)
    {
        try
        {
            var reader = new Utf8JsonReader(config);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("config", out var run) || run.ValueKind != JsonValueKind.Object)
                return "";
            List<string> words = [.. Words(run, "Entrypoint"), .. Words(run, "Cmd")];
            return string.Join(' ', words.Select((word, i) => i > 0 && word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
        }
        catch (JsonException)
        {
            return "";
        }
    }

    // Old images have one string where newer ones have an array.
    private static List<string> Words(JsonElement run, string name)
    {
        if (!run.TryGetProperty(name, out var value))
            return [];
        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!).ToList(),
            JsonValueKind.String => [value.GetString()!],
            _ => [],
        };
    }
}
