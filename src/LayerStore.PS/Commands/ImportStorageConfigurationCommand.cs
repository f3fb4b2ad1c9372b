using System.Management.Automation;
using LayerStore.Configuration;

namespace LayerStore.PS.Commands;

/// <summary>Takes the settings of YAML or JSON files over into the user's or the system's file; what these do not say stays, comments too.</summary>
[Cmdlet(VerbsData.Import, "StorageConfiguration", DefaultParameterSetName = LiteralPathSet, SupportsShouldProcess = true)]
[OutputType(typeof(StorageSetting))]
public sealed class ImportStorageConfigurationCommand : ConfigurationCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The files, YAML or JSON; wildcards are resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The files, exactly as written; bound from files that come through the pipeline.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Whose file takes the settings; without it the one that <c>$env:LAYERSTORE_CONFIG</c> names, or the user's.</summary>
    [Parameter]
    public ConfigurationScope? Scope { get; set; }

    /// <summary>The file that takes the settings, instead of the user's or the system's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Take out of the file what the imported one does not say.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    /// <summary>Emit the settings as the file says them now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessInput()
    {
        RequireTarget(Path, LiteralPath);
        if (DestinationPath is not null && Scope is not null)
            throw new StoreException(ErrorIds.ArgumentInvalid, StoreErrorKind.InvalidArgument, DestinationPath,
                "-DestinationPath and -Scope exclude each other.", "Give one of them.");
        ForEach(LiteralPath, path => ImportFile(ResolveFilePath(path)));
        ForEach(Path, path => ForEach(ResolveInputs(path, ErrorIds.ConfigurationNotFound), ImportFile));
    }

    private void ImportFile(string path)
    {
        var settings = EffectiveConfiguration.SettingsOf(path);
        var change = new ConfigurationChange(ResolveTarget(DestinationPath, Scope));
        var dropped = Replace ? change.Names.Except(settings.Select(setting => setting.Name), StringComparer.Ordinal).ToList() : [];
        foreach (var name in dropped)
            change.Set(name, null);
        foreach (var setting in settings)
            change.Set(setting.Name, setting.Value);
        var action = $"Import {settings.Count} settings from {Printable.Escape(path)}" + (dropped.Count > 0 ? $" and take out {dropped.Count}" : "");
        if (!ShouldProcess(Printable.Escape(change.Path), action))
            return;
        change.Write();
        foreach (var setting in PassThru ? settings : [])
            WriteObject(change.Find(setting.Name));
    }
}
