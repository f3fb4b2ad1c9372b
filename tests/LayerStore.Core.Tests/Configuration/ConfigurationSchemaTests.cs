using System.Runtime.CompilerServices;
using System.Text.Json;
using LayerStore.Configuration;
using LayerStore.Drivers;
using NJsonSchema;

namespace LayerStore.Tests.Configuration;

/// <summary>The schema that editors get is made of the settings' table, and says what the reader says.</summary>
public sealed class ConfigurationSchemaTests
{
    private const string Update = "LAYERSTORE_UPDATE_GOLDEN";

    private const string Whole = """
        {
          "$schema": "LayerStore.schema.json", "root": "/srv/store", "driver": "overlay2",
          "driverOptions": { "overlay2.size": "10G", "overlay2.override_kernel_check": true, "dm.fs": "ext4" },
          "registries": {
            "docker.io": { "mirrors": ["https://mirror.example:5000", "http://127.0.0.1:5001"] },
            "localhost:5000": { "insecure": true, "certificateAuthority": "/etc/ca.pem", "mirrors": "https://one.example" }
          },
          "limits": { "maxLayerBytes": "64GB", "maxFileBytes": 1000, "maxEntries": 1000 }
        }
        """;

    [Fact]
    public void The_file_in_docs_is_what_the_settings_say()
    {
        var path = System.IO.Path.Combine(Repository(), "docs", "LayerStore.schema.json");
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, ConfigurationSchema.Write());
        Assert.Equal(File.ReadAllText(path), ConfigurationSchema.Write());
    }

    [Fact]
    public void Every_setting_and_option_is_in_it_with_its_description()
    {
        using var schema = JsonDocument.Parse(ConfigurationSchema.Write());
        var properties = schema.RootElement.GetProperty("properties");
        foreach (var setting in Settings.All.Where(setting => setting.Type != SettingType.DriverOption))
        {
            var found = setting.Name.Split('.').Aggregate(schema.RootElement, (at, part) => part == "*" ? at.GetProperty("additionalProperties") : at.GetProperty("properties").GetProperty(part));
            Assert.Equal(setting.Description, found.GetProperty("description").GetString());
        }
        Assert.Equal(
            DriverCatalog.All.SelectMany(driver => driver.Options).Select(option => option.Name).Order(StringComparer.Ordinal),
            properties.GetProperty("driverOptions").GetProperty("properties").EnumerateObject().Select(option => option.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData("{}")]
    [InlineData("""{ "root": null, "limits": {}, "driverOptions": null }""")]
    [InlineData("""{ "registries": { "a": { "mirrors": [] } } }""")]
    [InlineData("""{ "limits": { "maxLayerBytes": "1.5 GiB" } }""")]
    public void What_the_reader_takes_the_schema_takes(string json) => Assert.Equal((true, true), Judge(json));

    [Theory]
    [InlineData("""{ "rot": "/x" }""")]
    [InlineData("""{ "root": "relative" }""")]
    [InlineData("""{ "driver": "overlay3" }""")]
    [InlineData("""{ "driver": ["vfs"] }""")]
    [InlineData("""{ "driverOptions": { "overlay3.size": "1G" } }""")]
    [InlineData("""{ "driverOptions": { "overlay2.size": "big" } }""")]
    [InlineData("""{ "driverOptions": { "dm.fs": "ntfs" } }""")]
    [InlineData("""{ "registries": { "a": { "insecure": "yes" } } }""")]
    [InlineData("""{ "registries": { "a": { "mirrors": ["ftp://x"] } } }""")]
    [InlineData("""{ "registries": { "a": { "certificateAuthority": "ca.pem" } } }""")]
    [InlineData("""{ "registries": { "a": { "other": 1 } } }""")]
    [InlineData("""{ "registries": [] }""")]
    [InlineData("""{ "limits": { "maxEntries": 0 } }""")]
    [InlineData("""{ "limits": { "maxEntries": "many" } }""")]
    [InlineData("""{ "limits": { "maxLayerBytes": "lots" } }""")]
    [InlineData("""{ "limits": { "maxHeight": 3 } }""")]
    [InlineData("[]")]
    public void What_the_reader_refuses_the_schema_refuses(string json) => Assert.Equal((false, false), Judge(json));

    /// <summary>What our reader says, and what a schema library of somebody else says.</summary>
    private static (bool Reader, bool Schema) Judge(string json) =>
        (ConfigurationFile.CheckText(json).All(problem => problem.Severity == ConfigurationSeverity.Warning), JsonSchema.FromJsonAsync(ConfigurationSchema.Write()).Result.Validate(json).Count == 0);

    private static string Repository([CallerFilePath] string source = "")
    {
        var directory = File.Exists(source) ? System.IO.Path.GetDirectoryName(source) : AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(directory!, "LayerStore.slnx")))
            directory = System.IO.Path.GetDirectoryName(directory);
        return directory!;
    }
}
