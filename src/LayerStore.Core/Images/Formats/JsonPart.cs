using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace LayerStore.Images.Formats;

/// <summary>A part of a JSON document that says what is wrong with itself: every access checks the kind of value that it finds.</summary>
internal readonly struct JsonPart(JsonElement element, string document, Func<string, string, Exception?, StoreException> fault)
{
    /// <summary>The file that it stands in.</summary>
    public string Document => document;

    /// <summary>True for an object.</summary>
    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    /// <summary>True for an array.</summary>
    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    /// <summary>The exception for this document.</summary>
    public StoreException Fault(string reason, Exception? cause = null) => fault(document, reason, cause);

    /// <summary>True where the object has the name with any value but null.</summary>
    public bool Has(string name) => IsObject && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A text that may be missing.</summary>
    public string? Text(string name) => TryGet(name, JsonValueKind.String, "text", out var value) ? value.GetString() : null;

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name) => Text(name) ?? throw Fault($"'{name}' is missing");

    /// <summary>A whole number that must be there and not be negative.</summary>
    public long RequiredSize(string name) =>
        TryGet(name, JsonValueKind.Number, "a number", out var value) && value.TryGetInt64(out var number) && number >= 0
            ? number
            : throw Fault($"'{name}' is missing or no size in bytes");

    /// <summary>A whole number that may be missing.</summary>
    public long? Number(string name) =>
        TryGet(name, JsonValueKind.Number, "a number", out var value)
            ? value.TryGetInt64(out var number) ? number : throw Fault($"'{name}' is no whole number")
            : null;

    /// <summary>A yes or no; no where it is missing.</summary>
    public bool Flag(string name) => IsObject && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>An object that may be missing.</summary>
    public JsonPart? Object(string name) =>
        TryGet(name, JsonValueKind.Object, "an object", out var value) ? new JsonPart(value, document, fault) : null;

    /// <summary>The elements of an array; none where it is missing.</summary>
    public IEnumerable<JsonPart> Array(string name)
    {
        if (!TryGet(name, JsonValueKind.Array, "an array", out var value))
            yield break;
        foreach (var item in value.EnumerateArray())
            yield return new JsonPart(item, document, fault);
    }

    /// <summary>This array's own elements.</summary>
    public IEnumerable<JsonPart> Elements()
    {
        foreach (var item in element.EnumerateArray())
            yield return new JsonPart(item, document, fault);
    }

    /// <summary>The texts of an array; none where it is missing.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        if (TryGet(name, JsonValueKind.Array, "an array", out var value))
            foreach (var item in value.EnumerateArray())
                texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Fault($"'{name}' holds something else than text"));
        return texts;
    }

    /// <summary>An object whose values are texts; empty where it is missing.</summary>
    public IReadOnlyDictionary<string, string> TextsByName(string name)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (TryGet(name, JsonValueKind.Object, "an object", out var value))
            foreach (var property in value.EnumerateObject())
                texts[property.Name] = property.Value.ValueKind == JsonValueKind.String
                    ? property.Value.GetString()!
                    : throw Fault($"'{name}' holds something else than text");
        return texts;
    }

    /// <summary>A time in UTC; null where it is missing, Go's zero time, or no time at all.</summary>
    public DateTime? Time(string name)
    {
        if (!IsObject || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String
            || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return null;
        return time.Year <= 1 ? null : time.UtcDateTime;
    }

    private bool TryGet(string name, JsonValueKind kind, string what, [NotNullWhen(true)] out JsonElement value)
    {
        value = default;
        if (!IsObject)
            throw Fault("it is not an object where one is needed");
        if (!element.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null)
            return false;
        return value.ValueKind == kind ? true : throw Fault($"'{name}' is not {what}");
    }
}
