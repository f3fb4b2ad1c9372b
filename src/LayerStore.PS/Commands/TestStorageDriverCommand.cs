using System.Collections;
using System.Management.Automation;
using LayerStore.Drivers;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Tries in a directory everything that drivers need; nothing of it stays.</summary>
[Cmdlet(VerbsDiagnostic.Test, "StorageDriver")]
[OutputType(typeof(DriverTestResult), typeof(bool))]
public sealed class TestStorageDriverCommand : StorageDriverCommand
{
    private bool _allWork = true;

    /// <summary>The directory; without it the store's root, or the nearest directory above it that exists.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Names or wildcards of drivers; without any, every driver.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Driver")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DriverNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The options that the driver would be opened with, by Docker's names.</summary>
    [Parameter]
    [Alias("DriverOption")]
    [NameValueTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(DriverOptionCompleter))]
    public IDictionary? Option { get; set; }

    /// <summary>Emit nothing but True where every required check passed, and False where one failed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void ProcessInput()
    {
        var directory = Path is null ? Store.NearestDirectory(ResolveRoot()) : ResolveFilePath(Path);
        var (options, defaults) = (Options.From(Option), Defaults());
        ForEachDriver(Name, driver =>
        {
            var report = driver.Probe(directory, DriverCatalog.OptionsOf(driver, options, defaults));
            _allWork &= report.Supported;
            if (!Quiet)
                WriteObject(DriverTestResult.From(report), enumerateCollection: true);
        });
    }

    private protected override void ProcessEnd()
    {
        if (Quiet)
            WriteObject(_allWork);
    }
}
