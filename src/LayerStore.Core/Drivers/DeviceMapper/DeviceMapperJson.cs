using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LayerStore.Linux;

namespace LayerStore.Drivers.DeviceMapper;

/// <summary>The driver's small files; their serialization is made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeviceRecord))]
[JsonSerializable(typeof(PoolRecord))]
[JsonSerializable(typeof(CreationRecord))]
internal sealed partial class DeviceMapperJson : JsonSerializerContext
{
    /// <summary>What a file says; null where there is none.</summary>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Damaged(path, null);
        }
        catch (JsonException e)
        {
            throw Damaged(path, e);
        }
    }

    /// <summary>Writes a file durably.</summary>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static StoreException Damaged(string path, Exception? inner) => new(
        ErrorIds.StoreDamaged, StoreErrorKind.StoreDamaged, path, $"The file '{Printable.Escape(path)}' is not what the driver devicemapper wrote.",
        "Restore it from a backup; where it is a layer's, remove what uses the layer and import the image again.", inner);
}
