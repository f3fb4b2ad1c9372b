using System.Globalization;
using LayerStore.Linux;

namespace LayerStore.Configuration;

/// <summary>
/// The settings as they count here: an environment variable before the user's file, that before the system's, that before what is built in. A file with a mistake blocks only who needs the setting that is
/// wrong, or anything of it where it is no YAML or cannot be read.
/// </summary>
public sealed class EffectiveConfiguration
{
    /// <summary>The environment variable that names the root.</summary>
    public const string RootVariable = "LAYERSTORE_ROOT";

    /// <summary>The environment variable that names the driver of new stores.</summary>
    public const string DriverVariable = "LAYERSTORE_DRIVER";

    private static readonly (string Name, string Variable)[] Variables = [("root", RootVariable), ("driver", DriverVariable)];

    // What counts more stands first.
    private readonly IReadOnlyList<ConfigurationSource> _files;

    private EffectiveConfiguration(IEnumerable<ConfigurationSource> files) => _files = [.. files.Reverse()];

    /// <summary>The root where nothing says another.</summary>
    internal static string BuiltInRoot => OperatingSystem.IsLinux() && Libc.Geteuid() == 0 ? "/var/lib/layerstore" : Path.Combine(UserDirectories.Data, "layerstore");

    /// <summary>What is wrong with the files: one error for each.</summary>
    public IReadOnlyList<StoreException> Faults => [.. _files.Select(file => file.Fault).OfType<StoreException>()];

    /// <summary>Reads the files that count. What is wrong with them is told by <see cref="Faults"/>, and to those who need what is wrong.</summary>
    public static EffectiveConfiguration Load()
    {
        return ConfigurationFile.NamedPath is { } named
            ? new EffectiveConfiguration([new ConfigurationSource(named, SettingSource.NamedFile)])
            : Of((ConfigurationFile.PathOf(ConfigurationScope.System), SettingSource.SystemFile), (ConfigurationFile.PathOf(ConfigurationScope.User), SettingSource.UserFile));
    }

    /// <summary>The same of these files, as far as they exist; what counts more stands later.</summary>
    internal static EffectiveConfiguration Of(params IEnumerable<(string Path, SettingSource Source)> files) =>
        new(files.Where(file => File.Exists(file.Path)).Select(file => new ConfigurationSource(file.Path, file.Source)));

    /// <summary>What one file says, and nothing else.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">Whose it is.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/>; <see cref="ErrorIds.ConfigurationNotFound"/>; <see cref="ErrorIds.PermissionDenied"/>.</exception>
    public static IReadOnlyList<StorageSetting> SettingsOf(string path, SettingSource source = SettingSource.NamedFile)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = new ConfigurationSource(path, source);
        return file.Fault is { } fault ? throw fault : Sorted(file.Values);
    }

    /// <summary>An environment variable's word on a setting; null where there is none. Reads no file.</summary>
    public static StorageSetting? FromEnvironment(string name)
    {
        var variable = Variables.FirstOrDefault(variable => variable.Name == name).Variable;
        return variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? Settings.Describe([name], value, SettingSource.Environment) with { Origin = "$env:" + variable }
            : null;
    }

    /// <summary>What is wrong with the environment variables.</summary>
    public static IReadOnlyList<ConfigurationProblem> CheckEnvironment() => FromEnvironment("driver") is not { } driver || Drivers.DriverCatalog.All.Any(known => known.Name == (string)driver.Value!)
        ? []
        :
        [
            new ConfigurationProblem
            {
                Path = driver.Origin, Line = 1, Column = 1, Setting = driver.Name, Message = $"There is no storage driver '{Printable.Escape((string)driver.Value!)}'.", Expected = driver.Expected,
            },
        ];

    /// <summary>A setting as it counts; null where nobody says and nothing is built in.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/>, <see cref="ErrorIds.ConfigurationNotFound"/>, <see cref="ErrorIds.PermissionDenied"/>: a file that counts may say it and cannot be read there.</exception>
    public StorageSetting? Find(string name)
    {
        if (FromEnvironment(name) is { } variable)
            return variable;
        foreach (var file in _files)
        {
            file.RefuseFault(name);
            if (file.Values.TryGetValue(name, out var setting))
                return setting;
        }
        return BuiltIn().FirstOrDefault(setting => setting.Name == name);
    }

    /// <summary>Every word on a setting, what counts most first: of the files, as far as they can be read, and what is built in.</summary>
    public IReadOnlyList<StorageSetting> Values(string name) =>
        [.. _files.Select(file => file.Values.GetValueOrDefault(name)).OfType<StorageSetting>(), .. BuiltIn().Where(setting => setting.Name == name)];

    /// <summary>The settings below a group's name (<c>driverOptions</c>, <c>registries.docker.io</c>), by what stands behind its dot; only those that somebody says.</summary>
    /// <exception cref="StoreException">As for <see cref="Find"/>.</exception>
    public IReadOnlyDictionary<string, StorageSetting> FindBelow(string group)
    {
        var found = new SortedDictionary<string, StorageSetting>(StringComparer.Ordinal);
        foreach (var file in _files)
        {
            file.RefuseFault(group);
            foreach (var (name, setting) in file.Values)
            {
                if (name.StartsWith(group + ".", StringComparison.Ordinal))
                    found.TryAdd(name[(group.Length + 1)..], setting);
            }
        }
        return found;
    }

    /// <summary>What is said of a registry and of its mirrors, and the settings that say so.</summary>
    /// <param name="domain">The registry as references name it.</param>
    /// <param name="mirrors">The mirrors that will be asked; null for those that the configuration names.</param>
    /// <exception cref="StoreException">As for <see cref="Find"/>; mistakes about other registries are none here.</exception>
    public (IReadOnlyList<RegistryConfiguration> Registries, IReadOnlyList<StorageSetting> Settings) RegistriesFor(string domain, IReadOnlyList<string>? mirrors)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var settings = new List<StorageSetting>();
        var registries = new List<RegistryConfiguration> { Take(domain) };
        foreach (var mirror in mirrors ?? registries[0].Mirrors ?? [])
            registries.Add(Take(mirror[(mirror.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..].Split('/')[0]));
        return (registries, settings);

        RegistryConfiguration Take(string name)
        {
            var registry = new RegistryConfiguration { Name = name };
            // What has a further dot is of a registry whose name begins as this one's does.
            foreach (var (field, setting) in FindBelow("registries." + name).Where(found => !found.Key.Contains('.', StringComparison.Ordinal)))
            {
                settings.Add(setting);
                registry = registry.With(field, setting.Value!);
            }
            return registry;
        }
    }

    /// <summary>Every setting as it counts, in the order of <see cref="Settings.All"/>; where a file is wrong, what the others say.</summary>
    public IReadOnlyList<StorageSetting> All()
    {
        var all = BuiltIn().ToDictionary(setting => setting.Name, StringComparer.Ordinal);
        foreach (var (name, setting) in _files.Reverse().SelectMany(file => file.Values))
            all[name] = setting;
        foreach (var (name, _) in Variables)
            all[name] = FromEnvironment(name) ?? all[name];
        return Sorted(all);
    }

    /// <summary>In the order of the table; what stands below one registry stays together.</summary>
    private static IReadOnlyList<StorageSetting> Sorted(IReadOnlyDictionary<string, StorageSetting> settings) =>
    [
        .. settings.Values.OrderBy(setting => Settings.All.ToList().FindIndex(known => known.Name.Split('.', 2) is [var group, _] ? setting.Name.StartsWith(group + ".", StringComparison.Ordinal) : setting.Name == known.Name))
            .ThenBy(setting => setting.Type is SettingType.Size or SettingType.Count ? LimitOrder(setting.Name) : 0)
            .ThenBy(setting => setting.Name, StringComparer.Ordinal),
    ];

    private static int LimitOrder(string name) => Settings.All.ToList().FindIndex(known => known.Name == name);

    private static IEnumerable<StorageSetting> BuiltIn()
    {
        yield return Settings.Describe(["root"], BuiltInRoot, SettingSource.Default);
        yield return Settings.Describe(["driver"], null, SettingSource.Default);
        foreach (var limit in Settings.All.Where(setting => setting.Default is not null))
            yield return Settings.Describe(limit.Name.Split('.'), long.Parse(limit.Default!, CultureInfo.InvariantCulture), SettingSource.Default);
    }
}
