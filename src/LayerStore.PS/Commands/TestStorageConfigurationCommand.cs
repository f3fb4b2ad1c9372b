using System.Management.Automation;
using LayerStore.Configuration;

namespace LayerStore.PS.Commands;

/// <summary>Says everything that is wrong in configurations, and what is probably not meant.</summary>
[Cmdlet(VerbsDiagnostic.Test, "StorageConfiguration", DefaultParameterSetName = LiteralPathSet)]
[OutputType(typeof(ConfigurationProblem), typeof(bool))]
public sealed class TestStorageConfigurationCommand : ConfigurationCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string TextSet = "Text";

    private bool _allRight = true;

    /// <summary>The files; wildcards are resolved. Without any, those that count here, and the environment.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The files, exactly as written; bound from files that come through the pipeline.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The text of a configuration, YAML or JSON, instead of a file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TextSet)]
    [Alias("Yaml", "Json")]
    [AllowEmptyString]
    public string? Text { get; set; }

    /// <summary>Emit nothing but True where nothing is wrong, and False where something is. Warnings are no mistakes.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void ProcessInput()
    {
        if (Text is not null)
            Report(ConfigurationFile.CheckText(Text));
        else if (Path is null && LiteralPath is null)
        {
            Report(EffectiveConfiguration.CheckEnvironment());
            ForEach(ConfigurationFile.Paths().Where(path => ConfigurationFile.NamedPath is not null || File.Exists(path)), Check);
        }
        ForEach(LiteralPath, path => Check(ResolveFilePath(path)));
        ForEach(Path, path => ForEach(ResolveInputs(path, ErrorIds.ConfigurationNotFound), Check));
    }

    private protected override void ProcessEnd()
    {
        if (Quiet)
            WriteObject(_allRight);
    }

    private void Check(string path)
    {
        try
        {
            Report(ConfigurationFile.Check(path));
        }
        catch (StoreException)
        {
            _allRight = false;
            throw;
        }
    }

    private void Report(IReadOnlyList<ConfigurationProblem> problems)
    {
        _allRight &= problems.All(problem => problem.Severity == ConfigurationSeverity.Warning);
        if (!Quiet)
            WriteObject(problems, enumerateCollection: true);
    }
}
