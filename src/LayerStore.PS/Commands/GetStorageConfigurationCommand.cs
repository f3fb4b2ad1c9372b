using System.Management.Automation;
using LayerStore.Configuration;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Says each setting as it counts here, and who says so.</summary>
[Cmdlet(VerbsCommon.Get, "StorageConfiguration", DefaultParameterSetName = EffectiveSet)]
[OutputType(typeof(StorageSetting))]
public sealed class GetStorageConfigurationCommand : ConfigurationCommand
{
    private const string EffectiveSet = "Effective";
    private const string PathSet = "Path";
    private const string ScopeSet = "Scope";

    private IReadOnlyList<StorageSetting>? _settings;

    /// <summary>Names or wildcards of settings; without any, all that count.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SettingNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Say only what this file says.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Say only what the user's or the system's file says.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScopeSet)]
    public ConfigurationScope Scope { get; set; }

    private protected override void ProcessInput()
    {
        _settings ??= Read();
        if (Name is null)
            WriteObject(_settings, enumerateCollection: true);
        ForEach(Name, name =>
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                WriteObject(_settings.Where(setting => new NameFilter(name).Matches(setting.Name)), enumerateCollection: true);
            else if (_settings.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } setting)
                WriteObject(setting);
            else
                WriteObject(Settings.Unset(name));
        });
    }

    private IReadOnlyList<StorageSetting> Read()
    {
        if (ParameterSetName != EffectiveSet)
        {
            if (Path is not null)
                return EffectiveConfiguration.SettingsOf(ResolveFilePath(Path));
            // Nobody has to have a file.
            var path = ConfigurationFile.PathOf(Scope);
            return File.Exists(path) ? EffectiveConfiguration.SettingsOf(path, Scope == ConfigurationScope.System ? SettingSource.SystemFile : SettingSource.UserFile) : [];
        }
        var configuration = EffectiveConfiguration.Load();
        foreach (var fault in configuration.Faults)
            WriteError(ErrorRecords.From(fault, null));
        return configuration.All();
    }
}
