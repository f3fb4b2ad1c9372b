using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LayerStore.Configuration;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Changes settings of a file: all that are given or, where one of them is wrong, none. Comments and everything else stay.</summary>
[Cmdlet(VerbsCommon.Set, "StorageConfiguration", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(StorageSetting))]
public sealed class SetStorageConfigurationCommand : ConfigurationCommand
{
    private const string NameSet = "Name";
    private const string SettingSet = "Setting";

    private readonly List<string> _changed = [];
    private ConfigurationChange? _change;
    private bool _failed;

    /// <summary>The setting from the top, for example driver, driverOptions.overlay2.size or limits.maxEntries.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SettingNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Its value; <c>$null</c> takes the setting out of the file.</summary>
    [Parameter(Position = 1, ParameterSetName = NameSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [ArgumentCompleter(typeof(SettingValueCompleter))]
    public object? Value { get; set; }

    /// <summary>Several settings: a hashtable of names and values, or name=value.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SettingSet)]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public IDictionary? Setting { get; set; }

    /// <summary>Whose file is changed; without it the one that <c>$env:LAYERSTORE_CONFIG</c> names, or the user's.</summary>
    [Parameter]
    public ConfigurationScope? Scope { get; set; }

    /// <summary>The file to change; made where it is missing.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Emit the settings as the file says them now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessInput()
    {
        try
        {
            if (Setting is not null)
            {
                foreach (DictionaryEntry entry in Setting)
                    Change(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
                return;
            }
            RequireTarget(Name);
            if (!IsGiven(nameof(Value)))
                throw new StoreException(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, Name,
                    $"Nothing was given for '{Printable.Escape(Name)}'.", "Give a value; $null takes the setting out of the file.");
            Change(Name!, Value);
        }
        catch (StoreException)
        {
            _failed = true;
            throw;
        }
    }

    private protected override void ProcessEnd()
    {
        // What is half of what was meant helps nobody.
        if (_failed || _change is null)
            return;
        _change.Write();
        foreach (var name in PassThru ? _changed : [])
            WriteObject(_change.Find(name));
    }

    private void Change(string name, object? value)
    {
        if (Path is not null && Scope is not null)
            throw new StoreException(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, Path, "-Path and -Scope exclude each other.", "Give one of them.");
        _change ??= new ConfigurationChange(ResolveTarget(Path, Scope));
        var taken = ToValue(name, value);
        _change.Check(name, taken);
        if (!ShouldProcess(Printable.Escape(_change.Path), taken is null ? $"Take out {Printable.Escape(name)}" : $"Set {Printable.Escape(name)} to {Printable.Escape(ConfigurationFile.ToText(taken))}"))
            return;
        _change.Set(name, taken);
        _changed.Add(name);
    }
}
