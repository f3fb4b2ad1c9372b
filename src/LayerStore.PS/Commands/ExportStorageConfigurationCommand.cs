using System.Management.Automation;
using LayerStore.Configuration;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Writes settings into one new file: those that files and environment say here, or those that come through the pipeline.</summary>
[Cmdlet(VerbsData.Export, "StorageConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportStorageConfigurationCommand : ConfigurationCommand
{
    private readonly List<KeyValuePair<string, object?>> _settings = [];

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("DestinationPath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Names or wildcards of the settings to write; with a value, the setting itself, as the pipeline brings it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SettingNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The setting's value; bound from objects of the pipeline. What has none is not written.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [ArgumentCompleter(typeof(SettingValueCompleter))]
    public object? Value { get; set; }

    /// <summary>How it is written; without it JSON where the file's name ends so, else YAML.</summary>
    [Parameter]
    public ConfigurationFormat? Format { get; set; }

    /// <summary>Replace a file that has the name already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessInput()
    {
        if (IsGiven(nameof(Value)))
        {
            RequireTarget(Name);
            _settings.AddRange(Name!.Select(name => KeyValuePair.Create(name, Value)));
            return;
        }
        var configuration = EffectiveConfiguration.Load();
        foreach (var fault in configuration.Faults)
            WriteError(ErrorRecords.From(fault, null));
        var filter = Name is null ? null : new NameFilter(Name);
        _settings.AddRange(configuration.All().Where(setting => filter?.Matches(setting.Name) ?? setting.Source != SettingSource.Default)
            .Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
    }

    private protected override void ProcessEnd()
    {
        var path = ResolveFilePath(Path);
        var format = Format ?? (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ConfigurationFormat.Json : ConfigurationFormat.Yaml);
        var settings = _settings.Select(setting => KeyValuePair.Create(setting.Key, Absolute(setting.Key, ToValue(setting.Key, setting.Value)))).Where(setting => setting.Value is not null).ToList();
        var text = ConfigurationFile.ToText(settings, format, SchemaPath);
        if (!Force && System.IO.Path.Exists(path))
            throw new StoreException(ErrorIds.ExportPathExists, StoreErrorKind.AlreadyExists, path,
                $"'{Printable.Escape(path)}' exists already.", "Choose another path, or replace it with -Force.");
        if (!ShouldProcess(Printable.Escape(path), $"Export {settings.Count} settings as {format}"))
            return;
        ConfigurationFile.Write(path, text);
        if (PassThru)
            WriteObject(new FileInfo(path));
    }

    /// <summary>The environment may name the root from here; a file may not.</summary>
    private object? Absolute(string name, object? value) => name.Equals("root", StringComparison.OrdinalIgnoreCase) && value is string root ? ResolveFilePath(root) : value;
}
