using System.Management.Automation;
using LayerStore.PS.Completion;

namespace LayerStore.PS.Commands;

/// <summary>Lists the storage drivers with what was found out about each: where a store is, or where one is to be.</summary>
[Cmdlet(VerbsCommon.Get, "StorageDriver")]
[OutputType(typeof(StorageDriver))]
public sealed class GetStorageDriverCommand : StorageDriverCommand
{
    private readonly Dictionary<string, IReadOnlyList<StorageDriver>> _found = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("StorePath", "Path")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RootCompleter))]
    public override string? Root { get; set; }

    /// <summary>Names or wildcards; without any, every driver.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DriverNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only drivers that work here.</summary>
    [Parameter]
    public SwitchParameter Supported { get; set; }

    private protected override void ProcessInput()
    {
        var root = ResolveRoot();
        ForEachDriver(Name, factory =>
        {
            if (!_found.TryGetValue(root, out var drivers))
                _found.Add(root, drivers = Store.ListDrivers(root, DefaultsFor(root)));
            var driver = drivers.First(driver => driver.Name == factory.Name);
            if (driver.Supported || !Supported)
                WriteObject(driver);
        });
    }
}
