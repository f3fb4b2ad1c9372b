using System.Globalization;
using LayerStore.Drivers;
using YamlDotNet.Core;

namespace LayerStore.Configuration;

/// <summary>Reads and checks one configuration text: every problem is told, not only the first.</summary>
internal sealed class ConfigurationReader
{
    // The longest host name of the DNS, with a port.
    private const int MaxRegistryLength = 253 + 6;

    private readonly string _path;
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly Dictionary<string, Mark> _places = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _driverOptions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _limits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegistryConfiguration> _registries = new(StringComparer.Ordinal);
    private string? _root, _driver;

    private ConfigurationReader(string path) => _path = path;

    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file that it comes from; empty for none.</param>
    public static ConfigurationReading Read(string text, string path)
    {
        var reader = new ConfigurationReader(path);
        var document = ConfigurationDocument.Parse(text, reader.Add);
        if (document is ConfigurationNode.Mapping top)
            reader.ReadMapping(top, []);
        else if (document is not null and not ConfigurationNode.Scalar { IsNull: true })
            reader.Add(document.Start, [], "The file holds no settings.", "names with values, such as 'driver: overlay2'");
        return new ConfigurationReading(reader.Result(), document, reader._places, reader._problems);
    }

    private StorageConfiguration Result() => new()
    {
        Path = _path.Length == 0 ? [] : [_path],
        Root = _root,
        Driver = _driver,
        DriverOptions = _driverOptions,
        Registries = [.. _registries.Values],
        Limits = _limits,
    };

    private void ReadMapping(ConfigurationNode.Mapping mapping, IReadOnlyList<string> at)
    {
        foreach (var (name, value) in mapping.Entries)
        {
            IReadOnlyList<string> here = [.. at, name.Value];
            if (at is ["registries"] && (name.Value.Length > MaxRegistryLength || ReferenceGrammar.FaultOfDomain(name.Value) is not null))
                Add(name.Start, here, $"'{Printable.Escape(name.Value)}' is no registry.", "a host, where needed with its port, such as 'docker.io' or 'localhost:5000'");
            if (here is [ConfigurationSchema.Reference])
                continue;
            if (Settings.Find(here) is { } setting)
                ReadSetting(setting, here, name, value);
            else if (Settings.NamesBelow(here).Count == 0)
                Add(name.Start, here, $"There is no setting '{Printable.Escape(name.Value)}' here.", "one of " + string.Join(", ", Settings.NamesBelow(at)));
            else if (value is ConfigurationNode.Mapping below)
                ReadMapping(below, here);
            else if (value is not ConfigurationNode.Scalar { IsNull: true })
                Add(value.Start, here, $"'{Printable.Escape(name.Value)}' has no settings below it.", "names with values below it");
        }
    }

    private void ReadSetting(Setting setting, IReadOnlyList<string> at, ConfigurationNode.Scalar name, ConfigurationNode value)
    {
        if (value is ConfigurationNode.Scalar { IsNull: true })
            return;
        _places[string.Join('.', at)] = name.Start;
        if (setting.Type == SettingType.DriverOption)
            ReadDriverOption(setting, at, name, value);
        else if (Convert(setting, value) is { } converted)
            Take(at, converted);
        else
            Add(value.Start, at, $"{Describe(value)} is no value for '{Printable.Escape(at[^1])}'.", setting.Expected);
    }

    private void ReadDriverOption(Setting setting, IReadOnlyList<string> at, ConfigurationNode.Scalar name, ConfigurationNode value)
    {
        var driver = DriverCatalog.All.FirstOrDefault(driver => driver.Options.Any(option => option.Name == at[^1]));
        if (value is not ConfigurationNode.Scalar scalar)
            Add(value.Start, at, $"{Describe(value)} is no value for '{Printable.Escape(at[^1])}'.", setting.Expected);
        else if (driver is null)
            Add(name.Start, at, $"No storage driver has an option '{Printable.Escape(at[^1])}'.",
                "one of " + string.Join(", ", DriverCatalog.All.SelectMany(known => known.Options).Select(option => option.Name)));
        else
            TryDriverOption(driver, at, scalar);
    }

    private void TryDriverOption(IStorageDriverFactory driver, IReadOnlyList<string> at, ConfigurationNode.Scalar value)
    {
        try
        {
            _ = new DriverOptionValues(driver.Name, driver.Options, new DriverOptions { [at[^1]] = value.Value });
            _driverOptions[at[^1]] = value.Value;
        }
        catch (StoreException e)
        {
            Add(value.Start, at, e.Message, e.RecommendedAction.StartsWith("Give ", StringComparison.Ordinal) ? e.RecommendedAction["Give ".Length..].TrimEnd('.') : "another value");
        }
    }

    private static object? Convert(Setting setting, ConfigurationNode value)
    {
        if (setting.Type == SettingType.Addresses)
        {
            IReadOnlyList<ConfigurationNode> items = value is ConfigurationNode.Sequence list ? list.Items : [value];
            return items.All(item => item is ConfigurationNode.Scalar { Value: var text } && IsAddress(text))
                ? items.Select(item => ((ConfigurationNode.Scalar)item).Value).ToList()
                : null;
        }
        if (value is not ConfigurationNode.Scalar { Value: var word })
            return null;
        return setting.Type switch
        {
            SettingType.Path => word.StartsWith('/') && !word.Contains('\0', StringComparison.Ordinal) ? word : null,
            SettingType.Driver => DriverCatalog.All.Any(driver => driver.Name == word) ? word : null,
            SettingType.Boolean => word switch { "true" => true, "false" => false, _ => null },
            SettingType.Count => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= int.MaxValue ? count : null,
            SettingType.Size => ByteSize.TryParse(word, out var bytes) && bytes > 0 ? bytes : null,
            _ => null,
        };
    }

    private void Take(IReadOnlyList<string> at, object value)
    {
        switch (at)
        {
            case ["root"]:
                _root = (string)value;
                break;
            case ["driver"]:
                _driver = (string)value;
                break;
            case ["limits", var name]:
                _limits[char.ToUpperInvariant(name[0]) + name[1..]] = (long)value;
                break;
            case ["registries", var registry, var field]:
                _registries[registry] = (_registries.GetValueOrDefault(registry) ?? new RegistryConfiguration { Name = registry }).With(field, value);
                break;
        }
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static string Describe(ConfigurationNode node) => node switch
    {
        ConfigurationNode.Scalar scalar => $"'{Printable.Escape(scalar.Value)}'",
        ConfigurationNode.Sequence => "A list",
        _ => "A group of settings",
    };

    private void Add(Mark where, IReadOnlyList<string> at, string message, string expected) => _problems.Add(new ConfigurationProblem
    {
        Path = _path,
        Line = (int)where.Line,
        Column = (int)where.Column,
        Setting = string.Join('.', at),
        Message = message,
        Expected = expected,
    });
}
